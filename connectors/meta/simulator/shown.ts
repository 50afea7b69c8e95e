import type { AdAccount, AdCampaign } from '../../../plugins/simulator/world/port.ts'
import { withOffset } from '../../../plugins/sync/days.ts'
import type { Node, Store } from './store.ts'
import { unitOf } from './units.ts'

export type Shown = Readonly<Record<string, unknown>>

/** Objects as the Graph API shows them: numbers as text, amounts in minor units, times with the account's offset. */

export const OBJECTIVES = {
  sales: 'OUTCOME_SALES',
  leads: 'OUTCOME_LEADS',
  traffic: 'OUTCOME_TRAFFIC',
  awareness: 'OUTCOME_AWARENESS',
} as const

export function accountShown(account: AdAccount): Shown {
  return {
    id: `act_${account.id}`,
    account_id: account.id,
    name: account.name,
    account_status: 1,
    currency: account.currency,
    timezone_name: account.zone,
    amount_spent: '0',
    balance: '0',
    spend_cap: '0',
    min_daily_budget: MIN_BUDGET_UNITS,
  }
}

/** The least daily budget, in minor units. */
export const MIN_BUDGET_UNITS = 100

export function nodeShown(node: Node, store: Store): Shown {
  const { level, id, account, campaign, adset } = node
  const stored = store.read(node)
  const created = graphTime(campaign.createdAt, account.zone)
  const common = {
    id,
    account_id: account.id,
    name: stored.name,
    status: stored.status,
    configured_status: stored.status,
    effective_status: store.effectiveStatus(node),
    created_time: created,
    updated_time: graphTime(lastChange(node, store), account.zone),
  }
  const { daily_budget, bid_amount, bid_strategy } = stored
  const unit = unitOf(account.currency)
  const strategy = bid_strategy === null ? {} : { bid_strategy }
  if (level === 'campaign')
    return {
      ...common,
      start_time: created,
      objective: OBJECTIVES[campaign.objective],
      buying_type: 'AUCTION',
      special_ad_categories: [],
      special_ad_category: 'NONE',
      ...(daily_budget === null ? {} : { daily_budget: String(daily_budget / unit), lifetime_budget: '0' }),
      budget_remaining: '0',
      ...strategy,
    }
  if (level === 'adset')
    return {
      ...common,
      start_time: created,
      campaign_id: campaign.id,
      campaign: { id: campaign.id },
      daily_budget: String((daily_budget ?? 0) / unit),
      lifetime_budget: '0',
      budget_remaining: '0',
      ...(bid_amount === null ? {} : { bid_amount: bid_amount / unit }),
      ...strategy,
      billing_event: 'IMPRESSIONS',
      optimization_goal: goalOf(campaign),
      attribution_spec: [
        { event_type: 'CLICK_THROUGH', window_days: 7 },
        { event_type: 'VIEW_THROUGH', window_days: 1 },
      ],
      learning_stage_info: { status: 'SUCCESS' },
    }
  return {
    ...common,
    campaign_id: campaign.id,
    campaign: { id: campaign.id },
    adset_id: adset!.id,
    adset: { id: adset!.id },
    creative: { id: `${id}9` },
  }
}

export const goalOf = ({ objective }: AdCampaign): string =>
  objective === 'sales' ? 'OFFSITE_CONVERSIONS' : 'LINK_CLICKS'

/** When it was written last. UTC microseconds. */
export function lastChange({ id, campaign }: Node, store: Store): number {
  return store.changes.all.findLast(change => change.id === id)?.at ?? campaign.createdAt
}

/** `2024-03-12T15:02:47-0700` */
export const graphTime = (micros: number, zone: string): string =>
  withOffset(micros, zone)
    .replace(/([+-]\d\d):(\d\d)$/, '$1$2')
    .replace(/Z$/, '+0000')
