import { ALERT_FROM, COOL_DOWN, type Detector, gap, HIGHEST, isGap, signOf, WARM_UP } from './detector.ts'

export interface SeasonalState {
  n: number
  level: number[]
  seen: number[]
  variance: number
  /** Of the values themselves. */
  mean: number
  rawVariance: number
  last: number
}

/** Weight of a new value in the spread, and in the level of its bin. */
const SPREAD_WEIGHT = 0.01
const LEVEL_WEIGHT = 0.05
/** A residual counts for at most so many deviations: one spike does not hide the next. */
const CLIP = 8

/**
 * Exponentially weighted z against the level of its hour or weekday. Source: statistics.md §1, `seasonal`; where a bin
 * has no level yet the mean stands in, for with 0 the first day would be the widest of all.
 */
export const seasonalDetector: Detector<SeasonalState> = {
  name: 'seasonal',
  empty: bins => ({
    ...{ n: 0, variance: 0, mean: 0, rawVariance: 0, last: -1 },
    level: new Array(bins).fill(0) as number[],
    seen: new Array(bins).fill(0) as number[],
  }),
  update(s, x, bin) {
    if (isGap(x)) return gap()
    const isWarm = s.n >= WARM_UP
    const expected = s.seen[bin]! > 0 ? s.level[bin]! : s.mean
    const r = x - expected
    const sd = Math.max(Math.sqrt(s.variance), 0.5 * Math.sqrt(s.rawVariance))
    const z = isWarm ? (sd > 0 ? Math.min(HIGHEST, Math.abs(r) / sd) : r === 0 ? 0 : HIGHEST) : null
    const clipped = isWarm && sd > 0 ? Math.max(-CLIP * sd, Math.min(CLIP * sd, r)) : r
    const w = Math.max(SPREAD_WEIGHT, 1 / (s.n + 2))
    s.seen[bin]!++
    // A bin that was never seen begins at its first value.
    s.level[bin] = expected + Math.max(LEVEL_WEIGHT, 1 / s.seen[bin]!) * clipped
    s.variance += w * (clipped * clipped - s.variance)
    const d = x - s.mean
    s.mean += Math.max(SPREAD_WEIGHT, 1 / (s.n + 1)) * d
    s.rawVariance += w * (d * d - s.rawVariance)
    const alert = z !== null && z >= ALERT_FROM && (s.last < 0 || s.n - s.last > COOL_DOWN)
    if (alert) s.last = s.n
    s.n++
    return { z, sign: signOf(r), expected, alert }
  },
}
