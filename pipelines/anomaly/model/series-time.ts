import { dayIn, hourIn, timeIn } from '../../../engine/clock/days.ts'

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
 */
export function binningOf(times: readonly number[], zone: string): Binning {
  const steps = times.slice(1).map((at, i) => at - times[i]!)
  const sorted = steps.filter(step => step > 0).sort((a, b) => a - b)
  const isDaily = (sorted[sorted.length >> 1] ?? 0) >= DAILY_FROM_US
  return isDaily
    ? { bins: WEEKDAYS, binOf: at => weekdayOf(dayIn(zone, at)) }
    : { bins: HOURS, binOf: at => hourIn(zone, at) }
}

/** 0 is Sunday. @param day `YYYY-MM-DD` */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?))?)?$/i

/**
 * A time as people write it, UTC microseconds; without an offset it is of `zone`. Null: it is none.
 * @param since an hour that clocks show twice is the second one where the first was before this
 * @throws RangeError: no such zone
 */
export function timeOf(text: string, zone: string, since?: number): number | null {
  const found = TIME.exec(text.trim())
  if (!found) return null
  const [, day, minute = '00:00', second = '00', fraction = '', offset] = found
  const utc = Date.parse(`${day}T${minute}:${second}Z`)
  // JavaScript takes 30 February for 2 March, and 24:00 for the next day.
  if (Number.isNaN(utc) || !new Date(utc).toISOString().startsWith(`${day}T${minute}:${second}`)) return null
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6))
  if (offset === undefined) return timeIn(zone, `${day}T${minute}:${second}`, since) + micros
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? []
  const east = (Number(hours) * 60 + Number(minutes)) * 60_000_000
  return utc * 1000 + micros - (sign === '-' ? -east : east)
}
