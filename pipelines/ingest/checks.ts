/** Earliest instant accepted: nothing that Stratum reads existed before. UTC microseconds of 2000-01-01. */
export const EARLIEST = Date.UTC(2000, 0, 1) * 1000
const DAY = 86_400_000_000

/** Why an instant cannot be, or null. A day ahead of the reading is allowed for zones and clocks that run fast. */
export function timeRefusal(name: string, micros: number, readAt: number): string | null {
  if (micros < EARLIEST) return `${name} ${iso(micros)} is before 2000-01-01`
  if (micros > readAt + DAY) return `${name} ${iso(micros)} is in the future (it was read at ${iso(readAt)})`
  return null
}

/** Why a day cannot be, or null. */
export function dateRefusal(name: string, date: string, readAt: number): string | null {
  const at = Date.parse(`${date}T00:00:00Z`)
  if (
    !/^\d{4}-\d{2}-\d{2}$/.test(date) ||
    Number.isNaN(at) ||
    new Date(at).toISOString().slice(0, 10) !== date
  )
    return `${name} "${date.slice(0, 40)}" is not a day (YYYY-MM-DD)`
  return timeRefusal(name, at * 1000, readAt)
}

function iso(micros: number): string {
  const date = new Date(micros / 1000)
  return Number.isNaN(date.getTime()) ? String(micros) : date.toISOString()
}
