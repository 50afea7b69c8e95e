import type { TrustPolicy } from '../../settings/policy.ts'
import { median } from './median.ts'

export interface Drift {
  /** 0 to 100. */
  readonly value: number
  /** |r − median| in units of the spread. */
  readonly z: number
  /** Median of the baseline, ln(P ÷ G). */
  readonly baseline: number
  readonly spread: number
  /** Days of baseline it rests on. */
  readonly days: number
}

/** A normal distribution's standard deviation from its median absolute deviation. */
const MAD_TO_SD = 1.4826

/**
 * How far ln(P ÷ G) is from its own baseline. The spread is the baseline's (median absolute deviation), but never less
 * than a floor nor than what the counts themselves scatter, √(1/n_P + 1/n_G); counts that are unknown widen nothing.
 * Null with too few days of baseline. Source: product.md §4.1.
 */
export function drift(
  logRatio: number,
  inputs: {
    readonly baseline: readonly (number | null)[]
    readonly platform_conversions: number | null
    readonly ga4_conversions: number | null
  },
  policy: TrustPolicy,
): Drift | null {
  const { baseline_days, minimum_baseline_days, minimum_spread } = policy.settings.variance
  const days = inputs.baseline.slice(-baseline_days).filter(r => r !== null)
  if (days.length < minimum_baseline_days) return null
  const baseline = median(days)!
  const mad = median(days.map(r => Math.abs(r - baseline)))!
  const spread = Math.max(MAD_TO_SD * mad, minimum_spread, scatter(inputs))
  const z = Math.abs(logRatio - baseline) / spread
  return { value: policy.curves.drift(z), z, baseline, spread, days: days.length }
}

function scatter({
  platform_conversions: p,
  ga4_conversions: g,
}: {
  readonly platform_conversions: number | null
  readonly ga4_conversions: number | null
}): number {
  return p !== null && g !== null && p > 0 && g > 0 ? Math.sqrt(1 / p + 1 / g) : 0
}
