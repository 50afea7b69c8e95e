import { chance } from '../../../plugins/simulator/random.ts'
import type { AdCampaign } from '../../../plugins/simulator/world/port.ts'
import { withOffset } from '../../../plugins/sync/index.ts'
import type { AccountNode, AdNode, AdsetNode, BudgetNode, CampaignNode } from './tree.ts'

/** A resource by the names that queries have for its fields: `campaign.status`. */
export type Flat = Readonly<Record<string, string | number | boolean | null | object>>

export const customerName = ({ account }: AccountNode): string => `customers/${account.id}`
export const campaignName = ({ of, campaign }: CampaignNode): string =>
  `${customerName(of)}/campaigns/${campaign.id}`
export const budgetName = ({ of, id }: BudgetNode): string => `${customerName(of)}/campaignBudgets/${id}`
export const adsetName = ({ campaign, adset }: AdsetNode): string =>
  `${customerName(campaign.of)}/adGroups/${adset.id}`
export const adName = ({ adset, ad }: AdNode): string =>
  `${customerName(adset.campaign.of)}/adGroupAds/${adset.adset.id}~${ad.id}`

const statusOf = (status: 'ACTIVE' | 'PAUSED'): string => (status === 'ACTIVE' ? 'ENABLED' : 'PAUSED')
const primaryOf = (status: 'ACTIVE' | 'PAUSED'): string => (status === 'ACTIVE' ? 'ELIGIBLE' : 'PAUSED')

export const customerFlat = (node: AccountNode): Flat => ({
  'customer.resource_name': customerName(node),
  'customer.id': node.account.id,
  'customer.descriptive_name': node.account.name,
  'customer.currency_code': node.account.currency,
  'customer.time_zone': node.account.zone,
  'customer.status': 'ENABLED',
  'customer.manager': false,
  'customer.test_account': false,
  'customer.auto_tagging_enabled': true,
})

const CHANNELS = { sales: 'SEARCH', leads: 'SEARCH', traffic: 'DISPLAY', awareness: 'VIDEO' } as const
const STRATEGIES = {
  sales: 'MAXIMIZE_CONVERSIONS',
  leads: 'TARGET_CPA',
  traffic: 'MANUAL_CPC',
  awareness: 'TARGET_SPEND',
} as const

const strategyOf = ({ campaign, isPerformanceMax }: CampaignNode): string =>
  isPerformanceMax ? 'MAXIMIZE_CONVERSION_VALUE' : STRATEGIES[campaign.objective]

/** What a conversion may cost where the strategy has a target. Micros. Half of those that maximise have none. */
function targetOf(campaign: AdCampaign): number | null {
  const random = chance('target', campaign.id)
  const micros = random.between(5, 60) * 1_000_000
  return campaign.objective === 'leads' || random.next() < 0.5 ? micros : null
}

export function campaignFlat(node: CampaignNode): Flat {
  const { campaign, isPerformanceMax, of } = node
  const target = targetOf(campaign)
  return {
    'campaign.resource_name': campaignName(node),
    'campaign.id': campaign.id,
    'campaign.name': campaign.name,
    'campaign.status': statusOf(campaign.status),
    'campaign.primary_status': primaryOf(campaign.status),
    'campaign.serving_status': 'SERVING',
    'campaign.advertising_channel_type': isPerformanceMax ? 'PERFORMANCE_MAX' : CHANNELS[campaign.objective],
    'campaign.bidding_strategy_type': strategyOf(node),
    'campaign.bidding_strategy': null,
    'campaign.campaign_budget': budgetName(node.budget),
    'campaign.target_cpa.target_cpa_micros': campaign.objective === 'leads' ? target : null,
    'campaign.maximize_conversions.target_cpa_micros': campaign.objective === 'sales' ? target : null,
    'campaign.start_date_time': withOffset(campaign.createdAt, of.account.zone)
      .slice(0, 19)
      .replace('T', ' '),
    'campaign.end_date_time': null,
  }
}

export const budgetFlat = (node: BudgetNode): Flat => ({
  'campaign_budget.resource_name': budgetName(node),
  'campaign_budget.id': node.id,
  'campaign_budget.name': node.isShared
    ? `Shared budget ${node.id}`
    : (node.campaigns[0]?.campaign.name ?? null),
  'campaign_budget.status': 'ENABLED',
  'campaign_budget.amount_micros': node.isTotal ? null : node.amountMicros,
  'campaign_budget.total_amount_micros': node.isTotal ? node.amountMicros : null,
  'campaign_budget.period': node.isTotal ? 'CUSTOM_PERIOD' : 'DAILY',
  'campaign_budget.explicitly_shared': node.isShared,
  'campaign_budget.reference_count': node.campaigns.length,
})

export function adsetFlat(node: AdsetNode): Flat {
  const { adset, campaign } = node
  const strategy = strategyOf(campaign)
  const byTarget = strategy === 'TARGET_CPA' || strategy === 'MAXIMIZE_CONVERSIONS'
  return {
    'ad_group.resource_name': adsetName(node),
    'ad_group.id': adset.id,
    'ad_group.name': adset.name,
    'ad_group.status': statusOf(adset.status),
    'ad_group.primary_status': primaryOf(adset.status),
    'ad_group.type': campaign.campaign.objective === 'traffic' ? 'DISPLAY_STANDARD' : 'SEARCH_STANDARD',
    'ad_group.campaign': campaignName(campaign),
    'ad_group.cpc_bid_micros': adset.bidMicros ?? 10_000,
    'ad_group.target_cpa_micros': null,
    'ad_group.effective_target_cpa_micros': byTarget ? targetOf(campaign.campaign) : null,
  }
}

export const adFlat = (node: AdNode): Flat => ({
  'ad_group_ad.resource_name': adName(node),
  'ad_group_ad.ad_group': adsetName(node.adset),
  'ad_group_ad.status': statusOf(node.ad.status),
  'ad_group_ad.primary_status': primaryOf(node.ad.status),
  'ad_group_ad.ad.resource_name': `${customerName(node.adset.campaign.of)}/ads/${node.ad.id}`,
  'ad_group_ad.ad.id': node.ad.id,
  'ad_group_ad.ad.name': node.ad.name,
  'ad_group_ad.ad.type': 'RESPONSIVE_SEARCH_AD',
})
