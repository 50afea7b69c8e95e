import { PlatformLimits } from '../../../plugins/simulator/limits.ts'
import { TokenIssuer } from '../../../plugins/simulator/oauth.ts'
import { Faults } from './faults.ts'
import { type ChangeEvent, historyDays, pastEvents } from './history.ts'
import type { GoogleAdsOptions } from './options.ts'
import { Written } from './state.ts'
import { type AccountNode, treeOf } from './tree.ts'

export const CLIENT = { id: 'simulated-app.apps.example', secret: 'simulated-app-secret' } as const
export const DEVELOPER_TOKEN = 'simulated-developer-token'
/** The manager account whose clients the accounts are. */
export const MANAGER = '1112223333'

const DAY_MS = 86_400_000

/** What the simulated platform knows; the routes show it. */
export class GoogleAdsPlatform {
  readonly options: GoogleAdsOptions
  readonly accounts: readonly AccountNode[]
  readonly tokens: TokenIssuer
  readonly written: Written
  readonly faults = new Faults()
  /** Operations of the developer token; null: as many as there are. */
  readonly daily: PlatformLimits | null
  readonly burst: PlatformLimits | null
  /** Every request of the API as it came: `POST /v25/customers/1/googleAds:search`, with its query. */
  readonly requests: string[] = []
  readonly #written: { readonly node: AccountNode; readonly event: ChangeEvent }[] = []

  constructor(options: GoogleAdsOptions) {
    const { world, now, lifeSeconds = 3600, delayMs = 0, operations = 15_000, perSecond, time } = options
    this.options = options
    this.accounts = treeOf(options)
    this.tokens = new TokenIssuer(`google-ads ${world.seed}`, now, lifeSeconds)
    this.written = new Written(now, delayMs)
    const limited = (calls: number, perMs: number) => new PlatformLimits([{ calls, perMs }], time?.now)
    this.daily = operations === null ? null : limited(operations, DAY_MS)
    this.burst = perSecond === undefined ? null : limited(perSecond, 1000)
  }

  asOf(): number {
    return (this.options.asOf ?? this.options.now)()
  }

  account(id: string): AccountNode | null {
    return this.accounts.find(({ account }) => account.id === id) ?? null
  }

  record(node: AccountNode, event: ChangeEvent): void {
    this.#written.push({ node, event })
  }

  /** The change history as it is told now. */
  events(node: AccountNode): ChangeEvent[] {
    const { now, world, changeShare = 0.05, changeDelayMs = 180_000 } = this.options
    const told = Math.min(now(), this.asOf()) - changeDelayMs * 1000
    const [from, to] = historyDays(node, this.asOf(), world.firstDay)
    const own = this.#written.filter(w => w.node === node).map(w => w.event)
    // What is written happens by the clock; what was before, by the time that figures are of.
    return [
      ...pastEvents(node, from, to, changeShare).filter(event => event.at <= told),
      ...own.filter(event => event.at <= now() - changeDelayMs * 1000),
    ].sort((a, b) => a.at - b.at || a.command - b.command || a.mutate - b.mutate)
  }
}
