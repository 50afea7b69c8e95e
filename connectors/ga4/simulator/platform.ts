import { PlatformLimits } from '../../../plugins/simulator/limits.ts'
import { TokenIssuer } from '../../../plugins/simulator/oauth.ts'
import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { PropertyTokens } from './data-api/tokens.ts'
import { Faults } from './faults.ts'
import type { GA4Options } from './options.ts'

export const CLIENT = { id: 'simulated-app.apps.example', secret: 'simulated-app-secret' } as const
export const PROJECT = 'simulated-project'

/** What the simulated platform knows; the routes show it. */
export class GA4Platform {
  readonly world: SiteWorld
  readonly asOf: () => number
  readonly pageRows: number
  readonly tokens: TokenIssuer
  readonly faults = new Faults()
  readonly limits: PlatformLimits | null
  /** Of the Data API. */
  readonly propertyTokens: PropertyTokens | null

  constructor({ world, now, asOf = now, limits, tokens, pageRows = 5000 }: GA4Options) {
    this.world = world
    this.asOf = asOf
    this.pageRows = pageRows
    this.tokens = new TokenIssuer(`ga4 ${world.seed}`, now, 3600)
    this.limits = limits ? new PlatformLimits([{ calls: limits.callsPerMinute, perMs: 60_000 }]) : null
    this.propertyTokens = tokens ? new PropertyTokens(tokens, now) : null
  }
}
