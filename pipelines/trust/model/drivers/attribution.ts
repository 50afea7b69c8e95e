import type { TrustPolicy } from '../../settings/policy.ts'
import { type Measured, measured, unknown } from '../measured.ts'

/** Conversions of 7 settled days; platforms count fractions too. */
export interface AttributionInputs {
  /** Null: the platform reported none of these days. */
  readonly platform: number | null
  /** Null: GA4 is not connected. */
  readonly ga4: number | null
  /** Whether there were conversions before these days, by either. */
  readonly had_conversions: boolean
}

export type Attribution = Measured<AttributionInputs, 'NO_PLATFORM' | 'NO_GA4' | 'NO_CONVERSIONS'>

/**
 * D4, accuracy of attribution: how far the platform's conversions are from GA4's, |P−G| ÷ max(P, G). Both 0 where there
 * used to be some is the worst there is, not the best. Source: product.md §4.1.
 */
export function attribution(inputs: AttributionInputs, policy: TrustPolicy): Attribution {
  const { platform, ga4, had_conversions } = inputs
  if (platform === null) return unknown('NO_PLATFORM', inputs)
  if (ga4 === null) return unknown('NO_GA4', inputs)
  const most = Math.max(platform, ga4)
  if (most <= 0) return had_conversions ? measured(0, inputs) : unknown('NO_CONVERSIONS', inputs)
  return measured(policy.curves.attribution(Math.abs(platform - ga4) / most), inputs)
}
