import type { EntityChanges } from '../../../plugins/simulator/entities.ts'
import { chance } from '../../../plugins/simulator/random.ts'
import type { Ad, AdAccount, AdCampaign, AdSet, AdWorld } from '../../../plugins/simulator/world/port.ts'

export type Row = Readonly<Record<string, unknown>>
export type Level = 'campaign' | 'adgroup' | 'ad'

export interface Node {
  readonly level: Level
  readonly id: string
  readonly account: AdAccount
  readonly campaign: AdCampaign
  readonly adset: AdSet | null
  readonly ad: Ad | null
}

const OBJECTIVE = {
  sales: 'WEB_CONVERSIONS',
  leads: 'LEAD_GENERATION',
  traffic: 'TRAFFIC',
  awareness: 'REACH',
} as const

/** Micros as the number a person would write: objects carry floats. */
const amount = (micros: number): number => micros / 1_000_000

/** The world's campaigns, ad groups and ads as TikTok's objects, with what was changed since. */
export class Entities {
  readonly accounts: readonly AdAccount[]
  readonly #nodes = new Map<string, Node>()
  readonly #lists = new Map<string, readonly Node[]>()
  readonly #changes: EntityChanges
  readonly #seed: number
  readonly #deleted: number

  constructor(world: AdWorld, changes: EntityChanges, deleted: number) {
    this.accounts = world.accounts('tiktok')
    this.#seed = world.seed
    this.#changes = changes
    this.#deleted = deleted
    for (const account of this.accounts) {
      const nodes = nodesOf(account)
      for (const node of nodes) this.#nodes.set(node.id, node)
      // The newest first.
      for (const level of ['campaign', 'adgroup', 'ad'] as const)
        this.#lists.set(`${account.id} ${level}`, nodes.filter(node => node.level === level).reverse())
    }
  }

  node(id: string): Node | undefined {
    return this.#nodes.get(id)
  }

  of(accountId: string, level: Level): readonly Node[] {
    return this.#lists.get(`${accountId} ${level}`) ?? []
  }

  isDeleted(node: Node): boolean {
    return this.#statusOf(node) === 'DELETE'
  }

  row(node: Node): Row {
    const own = this.#changes.over(node.id, this.#base(node))
    return { ...own, secondary_status: this.#secondary(node) }
  }

  #base(node: Node): Row {
    const { level, account, campaign, adset, ad } = node
    const common = {
      advertiser_id: account.id,
      campaign_id: campaign.id,
      campaign_name: campaign.name,
      operation_status: this.#born(node),
      create_time: timeOf(campaign.createdAt),
      modify_time: timeOf(campaign.createdAt),
    }
    const isCbo = this.#isCbo(campaign)
    const budget = (has: boolean, micros: number) => ({
      budget_mode: has ? 'BUDGET_MODE_DAY' : 'BUDGET_MODE_INFINITE',
      budget: has ? amount(micros) : 0,
    })
    if (level === 'campaign')
      return {
        ...common,
        objective_type: OBJECTIVE[campaign.objective],
        ...budget(isCbo, campaign.dailyBudgetMicros),
        budget_optimize_on: isCbo,
        is_smart_performance_campaign: false,
      }
    const group = { ...common, adgroup_id: adset!.id, adgroup_name: adset!.name }
    if (level === 'ad') return { ...group, ad_id: ad!.id, ad_name: ad!.name, ad_format: 'SINGLE_VIDEO' }
    const bid = adset!.bidMicros
    const byConversion = campaign.objective === 'sales' || campaign.objective === 'leads'
    return {
      ...group,
      ...budget(!isCbo, campaign.dailyBudgetMicros),
      bid_type: bid === null ? 'BID_TYPE_NO_BID' : 'BID_TYPE_CUSTOM',
      billing_event: byConversion ? 'OCPM' : 'CPC',
      bid_price: bid !== null && !byConversion ? amount(bid) : 0,
      conversion_bid_price: bid !== null && byConversion ? amount(bid) : 0,
      roas_bid: 0,
      deep_cpa_bid: 0,
    }
  }

  /** Half of the campaigns spread one budget over their ad groups. */
  #isCbo(campaign: AdCampaign): boolean {
    return chance(this.#seed, 'tiktok', 'cbo', campaign.id).next() < 0.5
  }

  #born({ level, id, campaign, adset, ad }: Node): string {
    const isGone = level === 'ad' && chance(this.#seed, 'tiktok', 'deleted', id).next() < this.#deleted
    if (isGone) return 'DELETE'
    const { status } = level === 'campaign' ? campaign : level === 'adgroup' ? adset! : ad!
    return status === 'ACTIVE' ? 'ENABLE' : 'DISABLE'
  }

  #statusOf(node: Node): string {
    return String(this.#changes.get(node.id, 'operation_status') ?? this.#born(node))
  }

  #secondary(node: Node): string {
    const prefix = node.level.toUpperCase()
    const own = this.#statusOf(node)
    if (own !== 'ENABLE') return `${prefix}_STATUS_${own}`
    for (const [name, parent] of [
      ['CAMPAIGN', node.campaign.id],
      ['ADGROUP', node.adset?.id],
    ] as const) {
      const above = parent === undefined || parent === node.id ? undefined : this.node(parent)
      if (above && this.#statusOf(above) !== 'ENABLE') return `${prefix}_STATUS_${name}_DISABLE`
    }
    return node.level === 'campaign' ? 'CAMPAIGN_STATUS_ENABLE' : `${prefix}_STATUS_DELIVERY_OK`
  }
}

const timeOf = (micros: number): string =>
  new Date(micros / 1000).toISOString().slice(0, 19).replace('T', ' ')

function nodesOf(account: AdAccount): Node[] {
  return account.campaigns.flatMap(campaign => {
    const above = { account, campaign }
    const groups = campaign.adsets.flatMap(adset => [
      { ...above, level: 'adgroup' as const, id: adset.id, adset, ad: null },
      ...adset.ads.map(ad => ({ ...above, level: 'ad' as const, id: ad.id, adset, ad })),
    ])
    return [{ ...above, level: 'campaign' as const, id: campaign.id, adset: null, ad: null }, ...groups]
  })
}
