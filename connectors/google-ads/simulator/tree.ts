import { chance } from '../../../plugins/simulator/random.ts'
import type { Ad, AdAccount, AdCampaign, AdSet } from '../../../plugins/simulator/world/port.ts'
import type { GoogleAdsOptions } from './options.ts'

export interface AccountNode {
  readonly account: AdAccount
  readonly campaigns: readonly CampaignNode[]
  readonly budgets: readonly BudgetNode[]
}

export interface CampaignNode {
  readonly of: AccountNode
  readonly campaign: AdCampaign
  /** Without ad groups and ads, whatever the world has below it. */
  readonly isPerformanceMax: boolean
  readonly budget: BudgetNode
  readonly adsets: readonly AdsetNode[]
  /** Ads of the world whose figures it has. */
  readonly adIds: readonly string[]
}

export interface BudgetNode {
  readonly of: AccountNode
  readonly id: string
  readonly amountMicros: number
  /** For all of the campaign's time, instead of by day. */
  readonly isTotal: boolean
  readonly isShared: boolean
  readonly campaigns: readonly CampaignNode[]
}

export interface AdsetNode {
  readonly campaign: CampaignNode
  readonly adset: AdSet
  readonly ads: readonly AdNode[]
}

export interface AdNode {
  readonly adset: AdsetNode
  readonly ad: Ad
}

/** A tenth of the budgets are for all of a campaign's time. */
const TOTAL_SHARE = 0.1
const DAYS_OF_TOTAL = 30

/** The world's Google accounts, as the API has them. */
export function treeOf({ world, sharedBudgets = 0, isPerformanceMax }: GoogleAdsOptions): AccountNode[] {
  return world.accounts('google').map(account => {
    const node = { account, campaigns: [] as CampaignNode[], budgets: [] as BudgetNode[] }
    const sharedFrom = account.campaigns.length - sharedBudgets
    let shared: BudgetNode | null = null
    for (const [index, campaign] of account.campaigns.entries()) {
      const isShared = sharedBudgets > 1 && index >= sharedFrom
      const budget: BudgetNode = (isShared ? shared : null) ?? budgetOf(node, campaign, isShared)
      if (isShared) shared = budget
      if (!node.budgets.includes(budget)) node.budgets.push(budget)
      const made = campaignOf(node, campaign, budget, isPerformanceMax?.(campaign, index) ?? false)
      node.campaigns.push(made)
      ;(budget.campaigns as CampaignNode[]).push(made)
    }
    return node
  })
}

function budgetOf(of: AccountNode, { id, dailyBudgetMicros }: AdCampaign, isShared: boolean): BudgetNode {
  const isTotal = !isShared && chance('budget', id).next() < TOTAL_SHARE
  const amountMicros = dailyBudgetMicros * (isTotal ? DAYS_OF_TOTAL : 1)
  return { of, id: `9${id}`, amountMicros, isTotal, isShared, campaigns: [] }
}

function campaignOf(
  of: AccountNode,
  campaign: AdCampaign,
  budget: BudgetNode,
  isPerformanceMax: boolean,
): CampaignNode {
  const adsets: AdsetNode[] = []
  const adIds = campaign.adsets.flatMap(adset => adset.ads.map(ad => ad.id))
  const node: CampaignNode = { of, campaign, isPerformanceMax, budget, adsets, adIds }
  if (!isPerformanceMax)
    for (const adset of campaign.adsets) {
      const ads: AdNode[] = []
      const made: AdsetNode = { campaign: node, adset, ads }
      for (const ad of adset.ads) ads.push({ adset: made, ad })
      adsets.push(made)
    }
  return node
}
