import type { Component } from '../../settings/policy.ts'
import type { Anomaly } from '../anomaly.ts'
import { COMPONENTS, type Components } from '../composite.ts'
import type { Freshness } from '../freshness.ts'

/**
 * Which evidence an action rests on. `all`: the four components. `delivery`: what only needs the spend report: its own
 * freshness and the anomaly of spend; broken conversion tracking says nothing against it.
 */
export type Scope = 'all' | 'delivery'
export const SCOPES = ['all', 'delivery'] as const

/** Metrics that platforms measure themselves as they deliver, without any conversion. */
const DELIVERY: ReadonlySet<string> = new Set([
  'spend',
  'impressions',
  'clicks',
  'ctr',
  'cpc',
  'cpm',
  'reach',
  'frequency',
])

/** The scope of the metrics a rule declares that it reads; one that is not known, or no declaration, needs all. */
export const scopeOf = (metrics: readonly string[] | null): Scope =>
  metrics !== null && metrics.length > 0 && metrics.every(name => DELIVERY.has(name)) ? 'delivery' : 'all'

const COUNTING: Readonly<Record<Scope, readonly Component[]>> = {
  all: COMPONENTS,
  delivery: ['freshness', 'anomaly'],
}

/** The components that count in a scope. */
export const componentsOf = (scope: Scope): readonly Component[] => COUNTING[scope]

export interface Measurements {
  readonly emq: { readonly value: number | null }
  readonly freshness: Pick<Freshness, 'value' | 'sources'>
  readonly variance: { readonly value: number | null }
  readonly anomaly: Pick<Anomaly, 'value' | 'metrics'>
}

/** The scores that count in a scope; those that do not are null and not looked at. */
export function evidence({ emq, freshness, variance, anomaly }: Measurements, scope: Scope): Components {
  if (scope === 'all')
    return {
      emq: emq.value,
      freshness: freshness.value,
      variance: variance.value,
      anomaly: anomaly.value,
    }
  return {
    emq: null,
    freshness: freshness.sources.find(({ name }) => name === 'spend')?.value ?? null,
    variance: null,
    anomaly: anomaly.metrics.spend?.value ?? null,
  }
}
