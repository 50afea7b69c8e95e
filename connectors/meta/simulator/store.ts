import { EntityChanges } from '../../../plugins/simulator/entities.ts'
import { chance } from '../../../plugins/simulator/random.ts'
import type { Ad, AdAccount, AdCampaign, AdSet, AdWorld } from '../../../plugins/simulator/world/port.ts'
import { held } from './units.ts'

export type Level = 'campaign' | 'adset' | 'ad'

/** An object of an ad account, with what is above it. */
export interface Node {
  readonly level: Level
  readonly id: string
  readonly account: AdAccount
  readonly campaign: AdCampaign
  readonly adset: AdSet | null
  readonly ad: Ad | null
}

/** What is stored of an object and can be changed. Amounts are micros. */
export interface Stored {
  readonly name: string
  readonly status: string
  /** Null: it has none, another level has it. */
  readonly daily_budget: number | null
  readonly bid_amount: number | null
  readonly bid_strategy: string | null
}

/** Meta's objects: the world's, and over them what was changed here. */
export class Store {
  readonly world: AdWorld
  readonly accounts: readonly AdAccount[]
  readonly changes: EntityChanges
  readonly #nodes = new Map<string, Node>()
  /** By campaign: every reading of an object asks it. */
  readonly #shares = new Map<string, boolean>()

  /** @param now UTC microseconds @param delayMs from a write until it is read */
  constructor(world: AdWorld, now: () => number, delayMs: number) {
    this.world = world
    this.accounts = world.accounts('meta')
    this.changes = new EntityChanges(now, delayMs)
    for (const account of this.accounts)
      for (const campaign of account.campaigns) {
        this.#add({ level: 'campaign', id: campaign.id, account, campaign, adset: null, ad: null })
        for (const adset of campaign.adsets) {
          this.#add({ level: 'adset', id: adset.id, account, campaign, adset, ad: null })
          for (const ad of adset.ads) this.#add({ level: 'ad', id: ad.id, account, campaign, adset, ad })
        }
      }
  }

  account(id: string): AdAccount | undefined {
    return this.accounts.find(account => account.id === id)
  }

  node(id: string): Node | undefined {
    return this.#nodes.get(id)
  }

  /** Objects of a level, in an order that does not change. */
  *level(account: AdAccount, level: Level): Generator<Node> {
    for (const node of this.#nodes.values()) if (node.account === account && node.level === level) yield node
  }

  /** As it is read now. */
  read(node: Node): Stored {
    return this.changes.over(node.id, this.before(node))
  }

  /** As it is in force, whether it is read already or not. */
  inForce(node: Node): Stored {
    const changed = this.changes.all.filter(change => change.id === node.id)
    return { ...this.before(node), ...Object.fromEntries(changed.map(({ field, after }) => [field, after])) }
  }

  /** As it is in the world. */
  before({ level, account, campaign, adset, ad }: Node): Stored {
    const { currency } = account
    const isShared = this.sharesBudget(campaign)
    if (level === 'ad')
      return { name: ad!.name, status: ad!.status, daily_budget: null, bid_amount: null, bid_strategy: null }
    if (level === 'campaign')
      return {
        name: campaign.name,
        status: campaign.status,
        daily_budget: isShared ? held(campaign.dailyBudgetMicros, currency) : null,
        bid_amount: null,
        bid_strategy: isShared ? 'LOWEST_COST_WITHOUT_CAP' : null,
      }
    const { bidMicros, name, status } = adset!
    const own = bidMicros === null ? 'LOWEST_COST_WITHOUT_CAP' : 'COST_CAP'
    return {
      name,
      status,
      daily_budget: isShared ? null : held(campaign.dailyBudgetMicros / campaign.adsets.length, currency),
      bid_amount: bidMicros === null ? null : held(bidMicros, currency),
      bid_strategy: isShared ? null : own,
    }
  }

  /** The budget is the campaign's (Advantage campaign budget), not its ad sets'. */
  sharesBudget(campaign: AdCampaign): boolean {
    let shares = this.#shares.get(campaign.id)
    if (shares === undefined) {
      shares = chance(this.world.seed, 'meta', campaign.id, 'shared budget').next() < 0.6
      this.#shares.set(campaign.id, shares)
    }
    return shares
  }

  /** With what its parents make of it. */
  effectiveStatus(node: Node): string {
    const own = this.read(node).status
    if (own !== 'ACTIVE' || node.level === 'campaign') return own
    const campaign = this.read(this.#nodes.get(node.campaign.id)!).status
    if (campaign === 'DELETED' || campaign === 'ARCHIVED') return campaign
    if (campaign !== 'ACTIVE') return 'CAMPAIGN_PAUSED'
    if (node.level === 'adset') return own
    const adset = this.read(this.#nodes.get(node.adset!.id)!).status
    return adset === 'ACTIVE' ? own : adset === 'PAUSED' ? 'ADSET_PAUSED' : adset
  }

  #add(node: Node): void {
    this.#nodes.set(node.id, node)
  }
}
