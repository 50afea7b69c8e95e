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

/** The day it is at a time in a zone. @throws RangeError: no such zone */
export const dayIn = (zone: string, micros: number): string =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(micros / 1000))
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString()

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
  Temporal.Instant.fromEpochMilliseconds(Math.floor(micros / 1000))
    .toZonedDateTimeISO(zone)
    .toString({ timeZoneName: 'never', smallestUnit: 'second' })

export const earlier = (a: string, b: string): string => (a < b ? a : b)
export const later = (a: string, b: string): string => (a > b ? a : b)
