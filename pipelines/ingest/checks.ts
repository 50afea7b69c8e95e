/** Earliest instant accepted: nothing that Stratum reads existed before. UTC microseconds of 2000-01-01. */
export const EARLIEST = Date.UTC(2000, 0, 1) * 1000
const DAY = 86_400_000_000

/**
 * Why an instant cannot be, or null. A day ahead of the reading is allowed for zones and clocks that run fast.
 * `keptYears`: what is older when it is read would be dropped by the warehouse without a word.
 */
export function timeRefusal(
  name: string,
  micros: number,
  readAt: number,
  keptYears = Number.POSITIVE_INFINITY,
): string | null {
  if (micros < EARLIEST) return `${name} ${iso(micros)} is before 2000-01-01`
  if (isOlder(micros, readAt, keptYears))
    return `${name} ${iso(micros)} is older than the ${keptYears} years rows are kept (warehouse.retentionYears)`
  if (micros > readAt + DAY) return `${name} ${iso(micros)} is in the future (it was read at ${iso(readAt)})`
  return null
}

/** Why a day cannot be, or null. */
export function dateRefusal(name: string, date: string, readAt: number, keptYears?: number): string | null {
  const at = startOfDay(date)
  if (Number.isNaN(at)) return `${name} "${date.slice(0, 40)}" is not a day (YYYY-MM-DD)`
  return timeRefusal(name, at, readAt, keptYears)
}

function isOlder(micros: number, readAt: number, years: number): boolean {
  // Most are not, and a year has 365 days at least.
  if (!(micros < readAt - years * 365 * DAY)) return false
  const end = new Date(micros / 1000)
  end.setUTCFullYear(end.getUTCFullYear() + years)
  return end.getTime() * 1000 < readAt
}

const starts = new Map<string, number>()

/** UTC microseconds of a day's start, NaN where there is no such day. Remembered: events of a day come together. */
function startOfDay(date: string): number {
  let at = starts.get(date)
  if (at === undefined) {
    const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
    // Date.parse takes the 31st of February for the 3rd of March.
    at = Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? Number.NaN : ms * 1000
    if (starts.size > 1000) starts.clear()
    starts.set(date, at)
  }
  return at
}

function iso(micros: number): string {
  const date = new Date(micros / 1000)
  return Number.isNaN(date.getTime()) ? String(micros) : date.toISOString()
}
