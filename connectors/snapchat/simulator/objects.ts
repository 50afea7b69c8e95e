import { chance } from '../../../plugins/simulator/random.ts'
import type { AdCampaign, AdSet } from '../../../plugins/simulator/world/port.ts'
import { type AccountTree, idOf, type Node } from './account-tree.ts'

export type ApiObject = Readonly<Record<string, unknown>>

export const isoOf = (micros: number): string => new Date(Math.floor(micros / 1000)).toISOString()

const OBJECTIVES = { sales: 'SALES', leads: 'LEADS', traffic: 'TRAFFIC', awareness: 'AWARENESS' } as const

/** An object as the API gives it before anybody changed it. */
export function objectOf(node: Node): ApiObject {
  const { account, campaign, adset, ad } = node
  const created = isoOf(campaign?.createdAt ?? 0)
  const stamps = { id: idOf(node), created_at: created, updated_at: created }
  if (ad && adset)
    return {
      ...stamps,
      name: ad.name,
      status: ad.status,
      ad_squad_id: adset.id,
      creative_id: uuid('creative', ad.id),
      type: 'SNAP_AD',
      review_status: 'APPROVED',
    }
  if (adset && campaign) return { ...stamps, ...adsquad(campaign, adset, created) }
  if (campaign)
    return {
      ...stamps,
      name: campaign.name,
      ad_account_id: account.id,
      status: campaign.status,
      objective_v2_properties: { objective_v2_type: OBJECTIVES[campaign.objective] },
      start_time: created,
      end_time: null,
      daily_budget_micro: campaign.dailyBudgetMicros,
      lifetime_spend_cap_micro: null,
      buy_model: 'AUCTION',
    }
  return {
    ...stamps,
    name: account.name,
    type: 'DIRECT',
    status: 'ACTIVE',
    organization_id: uuid('organization'),
    currency: account.currency,
    timezone: account.zone,
    lifetime_spend_cap_micro: null,
  }
}

/** A quarter of them have a budget for all their time, the others one by day. */
function adsquad(campaign: AdCampaign, adset: AdSet, created: string): ApiObject {
  const part = Math.floor(campaign.dailyBudgetMicros / campaign.adsets.length / 10_000) * 10_000
  const isLifetime = chance('budget', adset.id).next() < 0.25
  return {
    name: adset.name,
    status: adset.status,
    campaign_id: campaign.id,
    type: 'SNAP_ADS',
    targeting: { geos: [{ country_code: 'us' }] },
    placement_v2: { config: 'AUTOMATIC' },
    billing_event: 'IMPRESSION',
    optimization_goal: campaign.objective === 'sales' ? 'PIXEL_PURCHASE' : 'SWIPES',
    bid_micro: adset.bidMicros,
    bid_strategy: adset.bidMicros === null ? 'AUTO_BID' : 'LOWEST_COST_WITH_MAX_BID',
    daily_budget_micro: isLifetime ? null : part,
    lifetime_budget_micro: isLifetime ? part * 30 : null,
    start_time: created,
    end_time: null,
  }
}

/** `GET me/organizations`: one, with the accounts. */
export const organization = (tree: AccountTree, withAccounts: boolean): ApiObject => ({
  id: uuid('organization'),
  name: 'Simulated organization',
  type: 'ENTERPRISE',
  ...(withAccounts
    ? { ad_accounts: tree.accounts.map(({ id, name }) => ({ id, name, type: 'DIRECT', status: 'ACTIVE' })) }
    : {}),
})

export function uuid(...names: readonly string[]): string {
  const random = chance(...names)
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random.next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  )
  return hex.join('').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
}
