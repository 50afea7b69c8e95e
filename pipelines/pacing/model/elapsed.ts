import { addDays, daysBetween, startOfDay } from '../../../engine/clock/days.ts'
import { weekdayOf } from '../../anomaly/model/series-time.ts'
import { daysOf, type Target } from './target.ts'

/** Closed days that weekdays are weighed by. */
export const WEIGHED_DAYS = 56
const LEAST_BAND = 0.05
const MOST_BAND = 0.25

/** Weights of weekdays, 0 is Sunday; their mean is 1. */
export type Weekdays = readonly number[]

const EVEN: Weekdays = [1, 1, 1, 1, 1, 1, 1]

/**
 * What a weekday usually brings against a mean day, of the last eight weeks; all the same where there are fewer days, or
 * where they bring nothing.
 * @param values of the closed days up to `last`, the oldest first
 * @param last the day of the newest
 */
export function weekdaysOf(values: readonly number[], last: string): Weekdays {
  const recent = values.slice(-WEIGHED_DAYS)
  const sum = recent.reduce((a, b) => a + b, 0)
  if (recent.length < WEIGHED_DAYS || !(sum > 0)) return EVEN
  const weights = [0, 0, 0, 0, 0, 0, 0]
  const first = weekdayOf(addDays(last, 1 - WEIGHED_DAYS))
  for (const [i, value] of recent.entries()) weights[(first + i) % 7]! += (7 * value) / sum
  return weights.map(weight => Math.max(0, weight))
}

/**
 * e: the share of a period that has passed, its days weighed; 0 before it, 1 after it.
 * @param today of the account's zone
 * @param share of today that has passed, 0 to 1: of its usual hours
 */
export function elapsed(target: Target, weekdays: Weekdays, today: string, share: number): number {
  if (today < target.start) return 0
  if (today > target.end) return 1
  const done = daysBetween(target.start, today)
  const part = Math.min(1, Math.max(0, share))
  const upTo = (weights: Weekdays, days: number) => {
    const first = weekdayOf(target.start)
    let sum = 0
    for (let d = 0; d < 7; d++) sum += weights[(first + d) % 7]! * Math.ceil(Math.max(0, days - d) / 7)
    return sum
  }
  const all = daysOf(target)
  // A weekend's target of a shop that sells on weekdays alone: its days are all the same.
  const weights = upTo(weekdays, all) > 0 ? weekdays : EVEN
  return Math.min(1, (upTo(weights, done) + part * weights[weekdayOf(today)]!) / upTo(weights, all))
}

/** Share of a day that has passed, of the 23, 24 or 25 hours that it has in its zone. @param now UTC microseconds */
export function shareOfDay(day: string, zone: string, now: number): number {
  const start = startOfDay(day, zone)
  return (now - start) / (startOfDay(addDays(day, 1), zone) - start)
}

/** How far a pace may be from 1: `clamp(.06 + .10(1−e)/e, .05, .25)`, wide while little has passed. */
export const bandAt = (e: number): number =>
  e > 0 ? Math.min(MOST_BAND, Math.max(LEAST_BAND, 0.06 + (0.1 * (1 - e)) / e)) : MOST_BAND
