import { addDays, startOfDay } from '../../../sync/days.ts'
import type { Chance } from '../../random.ts'

export const SECOND_US = 1_000_000
export const DAY_US = 86_400 * SECOND_US

/** Share of a day that falls into each hour. */
const HOURS = [2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 6, 5, 5, 5, 5, 6, 7, 8, 8, 6, 5, 3]
/** What they come to at each hour's end. */
const UP_TO = HOURS.map((_, hour) => HOURS.slice(0, hour + 1).reduce((sum, part) => sum + part, 0))
const HOURS_TOTAL = UP_TO.at(-1)!
/** Sunday first. */
export const WEEKDAYS = [1.25, 0.94, 0.88, 0.9, 0.95, 1, 1.14] as const
/** The shop grows by this factor a year. */
const GROWTH = 1.35

/** Days since 1970-01-01. */
export const dayNumber = (day: string): number => Date.parse(day) / 86_400_000

/** Years since 2026 began; trends end where nobody would believe them any more. */
export const yearsAt = (day: string): number =>
  Math.max(-2, Math.min(4, (dayNumber(day) - dayNumber('2026-01-01')) / 365.25))

/** How much more than on a mean day of 2026. */
export const busyness = (day: string): number =>
  WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]! * GROWTH ** yearsAt(day)

/** Where a day begins and ends. UTC microseconds. */
export function boundsOf(day: string, zone: string): { readonly from: number; readonly until: number } {
  return { from: startOfDay(day, zone), until: startOfDay(addDays(day, 1), zone) }
}

/** A part of a day, by its hours: 0 ≤ x < 1. */
export function partOfDay(random: Chance): number {
  const at = random.next() * HOURS_TOTAL
  return (UP_TO.findIndex(sum => at < sum) + random.next()) / 24
}

/** How much of a day's business is over when so much of the day is; both 0 to 1. */
export function shareOver(part: number): number {
  if (part <= 0) return 0
  if (part >= 1) return 1
  const hour = Math.floor(part * 24)
  return (UP_TO[hour]! - HOURS[hour]! * (1 - (part * 24 - hour))) / HOURS_TOTAL
}
