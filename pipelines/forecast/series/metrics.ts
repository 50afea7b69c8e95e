import { UNSETTLED_DAYS } from '../../signals/model/platform-state.ts'

/** Who tells a metric. */
export type Group = 'ads' | 'site' | 'crm'

interface Metric {
  readonly name: string
  readonly group: Group
  /** Days after its end in which the source still changes a day so much that it looks worse than it is. */
  readonly lag: number
  /** What one is kept as: micros and millionths are whole. */
  readonly unit: number
  readonly isMoney: boolean
}

/**
 * Daily series, in the order in which a day keeps them: those that campaigns have come first. Names are those of
 * `../../metrics/catalogue.ts`.
 */
export const METRICS = [
  { name: 'spend', group: 'ads', lag: 0, unit: 1e6, isMoney: true },
  { name: 'conversions', group: 'ads', lag: UNSETTLED_DAYS, unit: 1e6, isMoney: false },
  { name: 'platform_revenue', group: 'ads', lag: UNSETTLED_DAYS, unit: 1e6, isMoney: true },
  { name: 'revenue', group: 'site', lag: 0, unit: 1e6, isMoney: true },
  { name: 'purchases', group: 'site', lag: 0, unit: 1, isMoney: false },
  { name: 'leads', group: 'crm', lag: 0, unit: 1, isMoney: false },
] as const satisfies readonly Metric[]

export type MetricName = (typeof METRICS)[number]['name']
/** Metrics that campaigns and platforms have. */
export const OF_ADS = 3

/** Quotients of two of them. */
export const RATIOS = [
  { name: 'roas', over: 'revenue', under: 'spend' },
  { name: 'platform_roas', over: 'platform_revenue', under: 'spend' },
  { name: 'cpa', over: 'spend', under: 'conversions' },
] as const satisfies readonly {
  readonly name: string
  readonly over: MetricName
  readonly under: MetricName
}[]
export type Ratio = (typeof RATIOS)[number]

export const placeOf = (name: MetricName): number => METRICS.findIndex(metric => metric.name === name)
export const metricOf = (name: MetricName): (typeof METRICS)[number] => METRICS[placeOf(name)]!
