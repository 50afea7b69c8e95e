import { fromMicros } from '../../../plugins/money/index.ts'
import type { AdFigures } from '../../../plugins/simulator/world/port.ts'

export const NOTHING: AdFigures = {
  impressions: 0,
  clicks: 0,
  spendMicros: 0,
  conversionsMicros: 0,
  revenueMicros: 0,
  reach: 0,
}

const NAMES = Object.keys(NOTHING) as (keyof AdFigures)[]

const mapped = (map: (name: keyof AdFigures) => number): AdFigures =>
  Object.fromEntries(NAMES.map(name => [name, map(name)])) as unknown as AdFigures

export const sumOf = (all: readonly AdFigures[]): AdFigures =>
  all.length === 1 ? all[0]! : mapped(name => all.reduce((total, figures) => total + figures[name], 0))

/** The part of `index` among `n`; the parts come to the whole exactly. */
export const partOf = (whole: AdFigures, index: number, n: number): AdFigures => {
  const upTo = (value: number, parts: number) => Math.floor((value * parts) / n)
  return mapped(name => upTo(whole[name], index + 1) - upTo(whole[name], index))
}

export const minus = (a: AdFigures, b: AdFigures): AdFigures => mapped(name => a[name] - b[name])

/** A double, from exact millionths. */
const double = (micros: number): number => Number(fromMicros(micros))
const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b)

/** Metrics as the API gives them: counts and cost whole, averages in micros as doubles, `ctr` a share (platforms.md §0.1). */
export const METRICS: Readonly<Record<string, (figures: AdFigures) => number>> = {
  impressions: f => f.impressions,
  clicks: f => f.clicks,
  interactions: f => f.clicks,
  cost_micros: f => f.spendMicros,
  conversions: f => double(f.conversionsMicros),
  conversions_value: f => double(f.revenueMicros),
  all_conversions: f => double(f.conversionsMicros),
  all_conversions_value: f => double(f.revenueMicros),
  ctr: f => ratio(f.clicks, f.impressions),
  average_cpc: f => ratio(f.spendMicros, f.clicks),
  average_cost: f => ratio(f.spendMicros, f.clicks),
  average_cpm: f => ratio(f.spendMicros * 1000, f.impressions),
  cost_per_conversion: f => ratio(f.spendMicros, f.conversionsMicros / 1_000_000),
  conversions_from_interactions_rate: f => ratio(f.conversionsMicros / 1_000_000, f.clicks),
}
