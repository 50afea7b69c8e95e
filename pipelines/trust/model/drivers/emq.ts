import type { Driver, TrustPolicy } from '../../settings/policy.ts'
import { weightedMean } from '../mean.ts'
import type { Measured } from '../measured.ts'
import { type Attribution, type AttributionInputs, attribution } from './attribution.ts'
import { type Coverage, type CoverageInputs, coverage } from './coverage.ts'
import { type DataFreshness, type DataFreshnessInputs, dataFreshness } from './data-freshness.ts'
import { type Latency, type LatencyInputs, latency } from './latency.ts'
import { type EventMatch, type MatchRate, matchRate } from './match-rate.ts'

export interface Drivers {
  readonly match_rate: MatchRate
  readonly coverage: Coverage
  readonly latency: Latency
  readonly attribution: Attribution
  readonly data_freshness: DataFreshness
}

/** What the five drivers are made of. */
export interface DriverInputs {
  readonly events: readonly EventMatch[]
  readonly coverage: CoverageInputs
  readonly latency: LatencyInputs
  readonly attribution: AttributionInputs
  readonly data_freshness: DataFreshnessInputs
}

export const DRIVERS = ['match_rate', 'coverage', 'latency', 'attribution', 'data_freshness'] as const

/** The five drivers of match quality. @param now UTC microseconds */
export const drivers = (inputs: DriverInputs, now: number, policy: TrustPolicy): Drivers => ({
  match_rate: matchRate(inputs.events, now, policy),
  coverage: coverage(inputs.coverage, policy),
  latency: latency(inputs.latency, policy),
  attribution: attribution(inputs.attribution, policy),
  data_freshness: dataFreshness(inputs.data_freshness, now, policy),
})

export type DriverValues = Readonly<Record<Driver, number | null>>

export type DriverStatus = 'GOOD' | 'WARNING' | 'CRITICAL'

export interface Emq extends Measured<DriverValues, 'NO_MATCH_RATE' | 'TOO_LITTLE_KNOWN'> {
  /** Share of the weights whose drivers are known, 0 to 1. */
  readonly known: number
  readonly status: Readonly<Record<Driver, DriverStatus | null>>
}

/**
 * E, event match quality, 0 to 100 (a platform's scale is 0 to 10: `emq_10` is a tenth of it): the weighted mean of the
 * known drivers. Null without a match rate, or where too little of the weight is known. Source: product.md §4.1.
 */
export function emq(values: DriverValues, policy: TrustPolicy): Emq {
  const weights = policy.driverWeights
  const { value, known } = weightedMean(DRIVERS.map(name => [weights[name], values[name]]))
  const status = Object.fromEntries(DRIVERS.map(name => [name, driverStatus(values[name])])) as Emq['status']
  const reason =
    values.match_rate === null
      ? 'NO_MATCH_RATE'
      : known < policy.settings.match_quality.minimum_weight
        ? 'TOO_LITTLE_KNOWN'
        : null
  return { value: reason === null ? value : null, reason, inputs: values, known, status }
}

/** Of one driver, as people see it; the bounds are those of product.md §4.1. */
export const driverStatus = (value: number | null): DriverStatus | null =>
  value === null ? null : value >= 70 ? 'GOOD' : value >= 40 ? 'WARNING' : 'CRITICAL'
