import { Temporal } from 'temporal-polyfill'

/** Days are `YYYY-MM-DD` in a zone of the IANA database; times are UTC microseconds. */

const dateOf = (day: string) => Temporal.PlainDate.from(day)

const MOST_KEPT = 20_000

/** Rows by the thousand are of the same few days, and a day takes the calendar 100 µs and more. */
function kept<T>(work: (day: string, other: string) => T): (day: string, other: string) => T {
  const known = new Map<string, T>()
  return (day, other) => {
    const key = `${day} ${other}`
    let value = known.get(key)
    if (value === undefined) {
      value = work(day, other)
      if (known.size >= MOST_KEPT) known.clear()
      known.set(key, value)
    }
    return value
  }
}

const zoned = (zone: string, micros: number) =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(micros / 1000)).toZonedDateTimeISO(zone)

/** The day it is at a time in a zone. @throws RangeError: no such zone */
export const dayIn = (zone: string, micros: number): string => zoned(zone, micros).toPlainDate().toString()

/** The hour that clocks show, 0 to 23, also on a day on which they are put forward or back. */
export const hourIn = (zone: string, micros: number): number => zoned(zone, micros).hour

/**
 * When clocks in a zone show a time. One that they skip is that much later; one that they show twice is the first,
 * unless that was before `since`.
 * @param local `2026-10-25T02:30:00`
 * @throws RangeError: no such time, no such zone
 */
export function timeIn(zone: string, local: string, since = Number.NEGATIVE_INFINITY): number {
  const plain = Temporal.PlainDateTime.from(local, { overflow: 'reject' })
  const first = plain.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds * 1000
  return first >= since
    ? first
    : plain.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds * 1000
}

export const addDays = (day: string, n: number): string => added(day, String(n))

const added = kept((day, n) =>
  dateOf(day)
    .add({ days: Number(n) })
    .toString(),
)

/** Days from one to another; 0 for the same. */
export const daysBetween = (from: string, to: string): number =>
  dateOf(from).until(dateOf(to), { largestUnit: 'day' }).days

/** When a day begins in a zone: its midnight, or the first moment there is where clocks skip it. */
export const startOfDay: (day: string, zone: string) => number = kept(
  (day, zone) => dateOf(day).toZonedDateTime(zone).epochMilliseconds * 1000,
)

/** A time as ISO 8601 with the zone's offset: `2026-03-29T00:00:00+01:00`. */
export const withOffset = (micros: number, zone: string): string =>
  zoned(zone, micros).toString({ timeZoneName: 'never', smallestUnit: 'second' })

export const earlier = (a: string, b: string): string => (a < b ? a : b)
export const later = (a: string, b: string): string => (a > b ? a : b)

/** Whether a text is a day that there is: 2026-02-30 is none. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

/** The day it is at a time in UTC: without a calendar, for hot paths. */
export const dayInUtc = (micros: number): string => new Date(micros / 1000).toISOString().slice(0, 10)

const DAY_US = 86_400_000_000
/** The last day that was asked for in each zone. */
const lastDays = new Map<string, { readonly day: string; readonly from: number; readonly until: number }>()

/**
 * The day it is at a time in a zone, as `dayIn`; kept: who asks for now after now asks for the same day, and the calendar
 * costs more than all else.
 */
export function todayIn(zone: string, micros: number): string {
  const known = lastDays.get(zone)
  if (known && micros >= known.from && micros < known.until) return known.day
  const day = dayIn(zone, micros)
  const from = startOfDay(day, zone)
  lastDays.set(zone, { day, from, until: Math.min(startOfDay(addDays(day, 1), zone), from + DAY_US) })
  return day
}
