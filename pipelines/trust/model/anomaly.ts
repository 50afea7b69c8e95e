import type { TrustPolicy } from '../settings/policy.ts'
import type { WATCHED } from '../settings/schema.ts'

export type Watched = (typeof WATCHED)[number]

/** What a detector (pipelines/anomaly) says of one metric of a platform now. */
export interface MetricAnomaly {
  /** Deviation in z units; null: none. */
  readonly z: number | null
  /** Values the detector has seen, and days they span. */
  readonly samples: number
  readonly days: number
}

export interface AnomalyInputs {
  /** A metric that is not there is not measured. */
  readonly metrics: Readonly<Partial<Record<Watched, MetricAnomaly>>>
  /** Conversions of the window: below 10 CPA and ROAS are noise; null: unknown. */
  readonly conversions: number | null
}

export type MetricReason = 'NOT_MEASURED' | 'WARMING_UP' | 'TOO_FEW_CONVERSIONS'

export interface Anomaly {
  readonly value: number | null
  readonly reason: 'WARMING_UP' | 'NOT_MEASURED' | null
  /** The metric that decides. */
  readonly limiting: Watched | null
  readonly metrics: Readonly<
    Partial<Record<Watched, { readonly value: number | null; readonly reason: MetricReason | null }>>
  >
  readonly inputs: AnomalyInputs
}

/** A, anomaly: the least score of the watched metrics that have a baseline. Source: product.md §4.1. */
export function anomaly(inputs: AnomalyInputs, policy: TrustPolicy): Anomaly {
  const metrics: Partial<Record<Watched, { value: number | null; reason: MetricReason | null }>> = {}
  let limiting: Watched | null = null
  let value: number | null = null
  let warming = false
  for (const name of policy.settings.anomaly.metrics) {
    const reason = whyNot(name, inputs, policy)
    const score = reason === null ? policy.curves.anomaly(Math.abs(inputs.metrics[name]!.z!)) : null
    metrics[name] = { value: score, reason }
    warming ||= reason === 'WARMING_UP'
    if (score === null || (value !== null && score >= value)) continue
    value = score
    limiting = name
  }
  const reason = value !== null ? null : warming ? 'WARMING_UP' : 'NOT_MEASURED'
  return { value, reason, limiting, metrics, inputs }
}

function whyNot(name: Watched, inputs: AnomalyInputs, policy: TrustPolicy): MetricReason | null {
  const { minimum_samples, minimum_days, minimum_conversions } = policy.settings.anomaly
  const metric = inputs.metrics[name]
  if (metric === undefined) return 'NOT_MEASURED'
  const isRatio = name === 'cpa' || name === 'roas'
  if (isRatio && (inputs.conversions ?? 0) < minimum_conversions) return 'TOO_FEW_CONVERSIONS'
  if (metric.z === null || metric.samples < minimum_samples || metric.days < minimum_days) return 'WARMING_UP'
  return null
}
