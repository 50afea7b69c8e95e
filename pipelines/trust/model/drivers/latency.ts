import type { TrustPolicy } from '../../settings/policy.ts'
import { type Measured, measured, unknown } from '../measured.ts'

export interface LatencyInputs {
  /** Accepted in the last 24 hours. */
  readonly events: number
  /** 90th percentile of acceptance − event time, hours. */
  readonly p90_hours: number | null
}

export type Latency = Measured<LatencyInputs, 'TOO_FEW_EVENTS'>

/** D3, latency: how late events reach the platform. Source: product.md §4.1. */
export function latency(inputs: LatencyInputs, policy: TrustPolicy): Latency {
  const { events, p90_hours: p90 } = inputs
  if (p90 === null || events < policy.settings.match_quality.latency_minimum_events)
    return unknown('TOO_FEW_EVENTS', inputs)
  return measured(policy.curves.latency(p90), inputs)
}
