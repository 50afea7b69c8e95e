import type { TrustPolicy } from '../settings/policy.ts'
import { type Anomaly, type AnomalyInputs, anomaly } from './anomaly.ts'
import { type DriverInputs, type Drivers, drivers, type Emq, emq } from './drivers/emq.ts'
import { type Freshness, freshness, type Source } from './freshness.ts'
import { type Variance, type VarianceInputs, variance } from './variance/variance.ts'

/** What a platform's trust is made of: counts, watermarks and what the detectors say. */
export interface TrustInputs {
  readonly drivers: DriverInputs
  readonly sources: readonly Source[]
  readonly variance: VarianceInputs
  readonly anomaly: AnomalyInputs
}

/** The four components with all that they came from. */
export interface Trust {
  /** UTC microseconds. */
  readonly as_of: number
  readonly drivers: Drivers
  readonly emq: Emq
  readonly freshness: Freshness
  readonly variance: Variance
  readonly anomaly: Anomaly
}

/** All components of one platform at one moment. @param now UTC microseconds */
export function evaluate(inputs: TrustInputs, now: number, policy: TrustPolicy): Trust {
  const five = drivers(inputs.drivers, now, policy)
  const values = {
    match_rate: five.match_rate.value,
    coverage: five.coverage.value,
    latency: five.latency.value,
    attribution: five.attribution.value,
    data_freshness: five.data_freshness.value,
  }
  const quality = emq(values, policy)
  return {
    as_of: now,
    drivers: five,
    emq: quality,
    freshness: freshness(inputs.sources, now, policy, quality.value !== null),
    variance: variance(inputs.variance, policy),
    anomaly: anomaly(inputs.anomaly, policy),
  }
}
