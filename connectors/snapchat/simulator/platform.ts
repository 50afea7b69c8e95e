import { PlatformLimits } from '../../../plugins/simulator/limits.ts'
import { TokenIssuer } from '../../../plugins/simulator/oauth.ts'
import { addDays, dayIn, startOfDay } from '../../../plugins/sync/index.ts'
import { AccountTree, type Node } from './account-tree.ts'
import { forbidden, notFound } from './errors.ts'
import { Faults } from './faults.ts'
import { Figures } from './figures.ts'
import type { SnapchatOptions } from './options.ts'
import { Stats } from './stats.ts'
import { Writes } from './writes.ts'

export const CLIENT = { id: 'simulated-app', secret: 'simulated-app-secret' } as const

/** What the simulated platform knows; the routes show it. */
export class SnapchatPlatform {
  readonly options: SnapchatOptions
  readonly tree: AccountTree
  readonly tokens: TokenIssuer
  readonly writes: Writes
  readonly stats: Stats
  readonly faults = new Faults()
  readonly appLimits: PlatformLimits
  readonly tokenLimits: PlatformLimits
  /** Every request of the API as it came: `GET /v1/campaigns/1/stats?…`. */
  readonly requests: string[] = []

  constructor(options: SnapchatOptions) {
    const { world, now, lifeSeconds = 3600, rotates = false, delayMs = 0 } = options
    this.options = options
    this.tree = new AccountTree(world)
    const limited = (calls: number) => new PlatformLimits([{ calls, perMs: 1000 }], options.time?.now)
    this.appLimits = limited(20)
    this.tokenLimits = limited(10)
    this.tokens = new TokenIssuer(`snapchat ${world.seed}`, now, lifeSeconds, rotates)
    this.writes = new Writes(this.tree, now, delayMs)
    this.stats = new Stats(this.tree, new Figures(world, () => this.asOf()))
  }

  asOf(): number {
    return (this.options.asOf ?? this.options.now)()
  }

  /** @throws ApiError: no such thing, or it may not be seen */
  node(level: string, id: string): Node {
    const node = this.tree.node(level, id)
    if (node === null) throw notFound()
    if (this.faults.forbidden) throw forbidden()
    return node
  }

  /** Up to when delivery is final. UTC microseconds. */
  finalUntil({ account: { zone } }: Node): number {
    return startOfDay(addDays(dayIn(zone, this.asOf()), -(this.options.openDays ?? 2)), zone)
  }
}
