import { dayIn, startOfDay } from '../../../engine/clock/days.ts'

const HOUR_US = 3_600_000_000
/** Intervals from here on are days: a day may have 23 hours. */
const DAILY_FROM_US = 20 * HOUR_US
const HOURS = 24
const WEEKDAYS = 7

export interface Binning {
  readonly bins: number
  readonly binOf: (at: number) => number
}

/**
 * Bins of a series: hours of the day, or days of the week where its intervals are days.
 * @param times UTC microseconds, rising
 * @throws RangeError: no such zone
 */
export function binningOf(times: readonly number[], zone: string): Binning {
  const steps = times.slice(1).map((at, i) => at - times[i]!)
  const sorted = steps.filter(step => step > 0).sort((a, b) => a - b)
  const isDaily = (sorted[sorted.length >> 1] ?? 0) >= DAILY_FROM_US
  dayIn(zone, 0)
  return isDaily
    ? { bins: WEEKDAYS, binOf: at => new Date(`${dayIn(zone, at)}T00:00:00Z`).getUTCDay() }
    : { bins: HOURS, binOf: at => hourIn(zone, at) }
}

/** Hour of the day, 0 to 23; on a day of 25 hours the last one is 23 again. */
export const hourIn = (zone: string, at: number): number =>
  Math.min(HOURS - 1, Math.floor((at - startOfDay(dayIn(zone, at), zone)) / HOUR_US))

const ZONED = /(Z|[+-]\d\d:?\d\d)$/i
const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/

/** A time as people write it, UTC microseconds; without a zone it is of `zone`. Null: it is none. */
export function timeOf(text: string, zone: string): number | null {
  const trimmed = text.trim()
  const local = LOCAL.exec(trimmed)
  if (local) {
    const [, day, hours = '0', minutes = '0', seconds = '0'] = local
    if (!isDay(day!) || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null
    const past = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
    return startOfDay(day!, zone) + past * 1_000_000
  }
  if (!ZONED.test(trimmed)) return null
  const ms = Date.parse(trimmed.replace(' ', 'T'))
  return Number.isNaN(ms) ? null : ms * 1000
}

const isDay = (day: string): boolean => {
  const ms = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
}
