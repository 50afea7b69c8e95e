/** Days that a forecast looks back. */
export const WINDOW_DAYS = 182
/** Days before which there is no forecast at all. */
export const LEAST_DAYS = 14
/** Days before which there are no bounds. */
export const BOUNDS_DAYS = 56
const WEEK = 7
const ACTIVE_DAYS = 28
const MOST_MISSING = 0.1
const LEAST_INDEX = 0.05

/** Why there is no forecast, or none with bounds. */
export type Reason = 'SHORT_HISTORY' | 'MISSING_DAYS' | 'NO_ACTIVITY' | 'HORIZON'

export interface Window {
  /** Closed days, the oldest first; missing ones filled. */
  readonly y: readonly number[]
  /** S of the day i, also of days to come. */
  readonly index: (i: number) => number
  readonly mean: number
}

/**
 * The last 182 closed days of a series, from the first that is known, with their weekday indices
 * `s_k = max(.05, mean of its weekdays / mean)`. A missing day is filled by the same weekday before it, else after it.
 * @param days the oldest first, one a day; null is missing (a day without sales is 0)
 */
export function windowOf(days: readonly (number | null)[]): Window | Reason {
  const recent = days.slice(-WINDOW_DAYS)
  const first = recent.findIndex(x => x !== null)
  const known = first === -1 ? [] : recent.slice(first)
  if (known.length < LEAST_DAYS) return 'SHORT_HISTORY'
  if (known.filter(x => x === null).length > MOST_MISSING * known.length) return 'MISSING_DAYS'
  const y = filled(known)
  if (y === null) return 'MISSING_DAYS'
  const mean = meanOf(y)
  if (meanOf(y.slice(-ACTIVE_DAYS)) <= 0 || mean <= 0) return 'NO_ACTIVITY'
  const s = Array.from({ length: WEEK }, (_, k) =>
    Math.max(LEAST_INDEX, meanOf(y.filter((_, i) => i % WEEK === k)) / mean),
  )
  return { y, mean, index: i => s[i % WEEK]! }
}

function filled(days: readonly (number | null)[]): number[] | null {
  const y = [...days]
  for (let i = WEEK; i < y.length; i++) y[i] ??= y[i - WEEK]!
  for (let i = y.length - WEEK - 1; i >= 0; i--) y[i] ??= y[i + WEEK]!
  return y.every(x => x !== null) ? (y as number[]) : null
}

const meanOf = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length
