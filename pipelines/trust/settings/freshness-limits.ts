import type { TrustSettings } from './schema.ts'

/** Sources by the names that settings know. */
export type SourceName = 'spend' | 'conversions' | 'ga4' | 'capi'
export interface Limits {
  /** Hours. */
  readonly fresh: number
  readonly stale: number
}

const STANDARD: Limits = { fresh: 24, stale: 48 }
/** Where data streams in instead of coming once a day (product.md §4.1). */
const STREAMING: Readonly<Record<SourceName, Limits>> = {
  spend: { fresh: 3, stale: 24 },
  conversions: { fresh: 15, stale: 36 },
  capi: { fresh: 1, stale: 6 },
  ga4: STANDARD,
}

/** From which age on a source is no longer fresh, and stale: what the settings say of it, else its profile. */
export function freshnessLimits({ freshness }: TrustSettings, source: SourceName): Limits {
  const set = freshness.sources[source]
  if (set) return { fresh: set.fresh_hours, stale: set.stale_hours }
  return freshness.profile === 'streaming' ? STREAMING[source] : STANDARD
}
