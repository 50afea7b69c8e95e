import { Temporal } from 'temporal-polyfill'

/** Days are `YYYY-MM-DD` in a zone of the IANA database; times are UTC microseconds. */

const dateOf = (day: string) => Temporal.PlainDate.from(day)

/** The day it is at a time in a zone. @throws RangeError: no such zone */
export const dayIn = (zone: string, micros: number): string =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(micros / 1000))
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString()

export const addDays = (day: string, n: number): string => dateOf(day).add({ days: n }).toString()

/** Days from one to another; 0 for the same. */
export const daysBetween = (from: string, to: string): number =>
  dateOf(from).until(dateOf(to), { largestUnit: 'day' }).days

/** When a day begins in a zone: its midnight, or the first moment there is where clocks skip it. */
export const startOfDay = (day: string, zone: string): number =>
  dateOf(day).toZonedDateTime(zone).epochMilliseconds * 1000

/** A time as ISO 8601 with the zone's offset: `2026-03-29T00:00:00+01:00`. */
export const withOffset = (micros: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(micros / 1000))
    .toZonedDateTimeISO(zone)
    .toString({ timeZoneName: 'never', smallestUnit: 'second' })

export const earlier = (a: string, b: string): string => (a < b ? a : b)
export const later = (a: string, b: string): string => (a > b ? a : b)
