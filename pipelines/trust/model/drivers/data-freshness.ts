import type { TrustPolicy } from '../../settings/policy.ts'
import { type Measured, MINUTE_US, measured, unknown } from '../measured.ts'

export interface DataFreshnessInputs {
  /** When the last event that is a conversion happened, UTC microseconds; null: there was none. */
  readonly last_event: number | null
  /** 99th percentile of the gaps between conversions at this hour of the week over 28 days, minutes; null: unknown. */
  readonly p99_gap_minutes: number | null
  /** Days for which conversions have been counted. */
  readonly history_days: number
}

export type DataFreshness = Measured<DataFreshnessInputs, 'SHORT_HISTORY' | 'NO_EVENT'>

/**
 * D5, freshness of the event stream: the age of the last conversion ÷ the longest gap that is usual at this hour of the
 * week. A shop that sells once a night is not late at noon. Source: product.md §4.1.
 * @param now UTC microseconds
 */
export function dataFreshness(inputs: DataFreshnessInputs, now: number, policy: TrustPolicy): DataFreshness {
  const { last_event: last, p99_gap_minutes: gap, history_days: history } = inputs
  const { minimum_gap_minutes: minimum, history_days: needed } = policy.settings.match_quality
  if (history < needed || gap === null) return unknown('SHORT_HISTORY', inputs)
  if (last === null) return unknown('NO_EVENT', inputs)
  const ageMinutes = Math.max(0, now - last) / MINUTE_US
  return measured(policy.curves.dataFreshness(ageMinutes / Math.max(minimum, gap)), inputs)
}
