import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import type { TokenOptions } from './data-api/tokens.ts'

export interface GA4Options {
  readonly world: SiteWorld
  /** The clock: UTC microseconds. */
  readonly now: () => number
  /** What is known at which time (that of the clock). UTC microseconds. */
  readonly asOf?: () => number
  readonly port?: number
  /** Left out: none. */
  readonly limits?: { readonly callsPerMinute: number }
  /** Tokens of the Data API. Left out: no end of them, and no `propertyQuota`. */
  readonly tokens?: TokenOptions
  /** Rows of an answer at most. */
  readonly pageRows?: number
}
