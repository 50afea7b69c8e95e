import type { TrustPolicy } from '../../settings/policy.ts'
import { type Drift, drift } from './drift.ts'

/** Revenue and conversions of 7 settled days. Revenue is micros of one currency; null: unknown, or of several. */
export interface VarianceInputs {
  readonly platform_revenue: number | null
  /** Null: GA4 is not connected, or says nothing of these days. */
  readonly ga4_revenue: number | null
  readonly platform_conversions: number | null
  readonly ga4_conversions: number | null
  /** Micros; null: unknown. */
  readonly spend: number | null
  /** Median of the daily revenue of the 28 days before, by the platform or GA4, whichever is more; micros. */
  readonly median_revenue: number | null
  /** ln(P ÷ G) of the 7 days that end on each of the 28 days before, oldest first; null where there is none. */
  readonly baseline: readonly (number | null)[]
}

export interface Variance {
  readonly value: number | null
  readonly reason: 'NO_PLATFORM' | 'NO_GA4' | 'NO_REVENUE' | null
  /** Set where one of the two is 0: the score is 0 without a ratio. */
  readonly code: 'ZERO_BOTH' | 'ZERO_PLATFORM' | 'ZERO_GA4' | null
  /** Score of the ratio itself. */
  readonly level: number | null
  /** Score of its distance from its own baseline; null: too few days of baseline. */
  readonly drift: Drift | null
  /** ln(P ÷ G); null where one is 0. */
  readonly log_ratio: number | null
  /** 100·(P − G) ÷ G, as people read it; null where G is 0. */
  readonly variance_pct: number | null
  readonly inputs: VarianceInputs
}

/**
 * V, variance of the platform's revenue against GA4's: the lesser of a wide limit on the ratio and of its drift from its
 * own baseline, because gaps of 10 to 40 % are normal as long as they stay the same. Source: product.md §4.1.
 */
export function variance(inputs: VarianceInputs, policy: TrustPolicy): Variance {
  const { platform_revenue: p, ga4_revenue: g } = inputs
  const none = { code: null, level: null, drift: null, log_ratio: null, variance_pct: null, inputs }
  if (g === null) return { ...none, value: null, reason: 'NO_GA4' }
  if (p === null) return { ...none, value: null, reason: 'NO_PLATFORM' }
  const variance_pct = g > 0 ? (100 * (p - g)) / g : null
  // More refunded than sold is no revenue either.
  if (p <= 0 && g <= 0) {
    return earnedBefore(inputs)
      ? { ...none, value: 0, reason: null, code: 'ZERO_BOTH' }
      : { ...none, value: null, reason: 'NO_REVENUE' }
  }
  if (g <= 0) return { ...none, value: 0, reason: null, code: 'ZERO_GA4' }
  if (p <= 0) return { ...none, value: 0, reason: null, code: 'ZERO_PLATFORM', variance_pct }
  const log_ratio = Math.log(p / g)
  const level = policy.curves.level(Math.abs(log_ratio))
  const moved = drift(log_ratio, inputs, policy)
  const value = moved === null ? level : Math.min(level, moved.value)
  return { value, reason: null, code: null, level, drift: moved, log_ratio, variance_pct, inputs }
}

/** Money is spent and none comes in, where it used to: tracking is dead on both sides. */
const earnedBefore = ({ spend, median_revenue }: VarianceInputs): boolean =>
  (spend ?? 0) > 0 && (median_revenue ?? 0) > 0
