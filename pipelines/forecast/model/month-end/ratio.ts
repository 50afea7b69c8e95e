import { errorsOf, halfWidth, type Prepared, type SumAhead, sumAhead } from './month-end.ts'
import type { Reason } from './window.ts'

const MOST_CORRELATION = 0.95

/** One side of a ratio: what is there already and the series that goes on. */
export interface Side {
  readonly soFar: number
  readonly series: Prepared | Reason
}

export interface RatioAhead {
  readonly h: number
  readonly mean: number | null
  readonly lower: number | null
  readonly upper: number | null
  /** `NOT_POSITIVE`: a numerator or denominator of 0 or less. */
  readonly reason: Reason | 'NOT_POSITIVE' | null
}

/**
 * A ratio of sums (ROAS, CPA) at the end of a period, h days ahead: R = A/B of what is there and the points of both sides,
 * never a forecast of the ratio itself; bounds R·e^∓u, u = q √V / A, `V = V_num + R² V_den − 2Rρ √(V_num V_den)`, ρ the
 * correlation of both sides' past errors of the same days, at most ±.95.
 * @param denominator a number where it is known, as a planned budget
 */
export function ratioAhead(
  numerator: Side,
  denominator: Side | number,
  h: number,
  { level = 0.95, g = 1 }: { readonly level?: number; readonly g?: number } = {},
): RatioAhead {
  const nothing = { h, mean: null, lower: null, upper: null } as const
  const num = sumAhead(numerator.series, h, { level, isNeverNegative: false })
  const den =
    typeof denominator === 'number'
      ? null
      : sumAhead(denominator.series, h, { level, isNeverNegative: false })
  if (num.mean === null || (den && den.mean === null))
    return { ...nothing, reason: num.reason ?? den?.reason ?? null }
  const a = numerator.soFar + num.mean
  const b = typeof denominator === 'number' ? denominator : denominator.soFar + den!.mean!
  if (!(a > 0) || !(b > 0)) return { ...nothing, reason: 'NOT_POSITIVE' }
  const mean = a / b
  if (num.sd === null || (den && den.sd === null))
    return { ...nothing, mean, reason: num.reason ?? den?.reason ?? null }
  const rho = typeof denominator === 'number' ? 0 : correlation(numerator.series, denominator.series, h)
  const variance = varianceOf(num, den, mean, rho)
  const df = Math.min(num.df!, den?.df ?? Number.POSITIVE_INFINITY)
  const u = (halfWidth(level, df, g) * Math.sqrt(variance)) / a
  const upper = mean * Math.exp(u)
  // So little is known that the upper bound is no number.
  if (!Number.isFinite(upper)) return { ...nothing, mean, reason: 'SHORT_HISTORY' }
  return { h, mean, lower: mean * Math.exp(-u), upper, reason: null }
}

function varianceOf(num: SumAhead, den: SumAhead | null, ratio: number, rho: number): number {
  const sd = ratio * (den?.sd ?? 0)
  return Math.max(0, num.sd! ** 2 + sd ** 2 - 2 * rho * num.sd! * sd)
}

/** Of the days that both know: the windows end on the same day, and may begin on others. */
function correlation(num: Prepared | Reason, den: Prepared | Reason, h: number): number {
  if (typeof num === 'string' || typeof den === 'string') return 0
  const [a, b] = [errorsOf(num, h), errorsOf(den, h)]
  const n = Math.min(a.length, b.length)
  let ab = 0
  let aa = 0
  let bb = 0
  for (let i = 1; i <= n; i++) {
    const [x, y] = [a[a.length - i]!, b[b.length - i]!]
    ab += x * y
    aa += x * x
    bb += y * y
  }
  const rho = ab / Math.sqrt(aa * bb)
  return Number.isFinite(rho) ? Math.max(-MOST_CORRELATION, Math.min(MOST_CORRELATION, rho)) : 0
}
