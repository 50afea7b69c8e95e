import { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import { boolean, type FromSchema, integer, nullable, object, string } from '../../../plugins/schema.ts'
import type { Customer } from '../api/customer.ts'
import type { Json } from '../api/exact-json.ts'
import { BID_FIELDS, bidOf } from '../bidding.ts'
import { BUDGET_FIELDS, budgetOf } from '../budget.ts'
import { id, text } from '../fields.ts'

/** Things of an account as records, and the queries that give them. Amounts are micros there and here. Pure. */

/** A budget that several campaigns spend is none of the campaign's own: counted by campaign it would be too much. */
export const CampaignRecord = object({
  ...AdEntityRecord.properties,
  budget_id: nullable(string()),
  budget_is_shared: nullable(
    boolean({ description: 'Several campaigns spend it: then budget_micros is null' }),
  ),
  shared_budget_micros: nullable(integer({ description: 'Of all campaigns that share it, together' })),
})
export type CampaignRecord = FromSchema<typeof CampaignRecord>

export const QUERIES = {
  campaigns: `SELECT campaign.id, campaign.name, campaign.status, campaign.primary_status, campaign.advertising_channel_type, campaign.bidding_strategy_type, ${BUDGET_FIELDS} FROM campaign ORDER BY campaign.id`,
  adsets: `SELECT ad_group.id, ad_group.name, ad_group.status, ad_group.primary_status, ad_group.type, campaign.id, ${BID_FIELDS} FROM ad_group ORDER BY ad_group.id`,
  ads: 'SELECT ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.ad.type, ad_group_ad.status, ad_group_ad.primary_status, ad_group.id, campaign.id FROM ad_group_ad ORDER BY ad_group.id, ad_group_ad.ad.id',
} as const

export const STATUS: Readonly<Record<string, AdEntityRecord['status']>> = {
  ENABLED: 'ACTIVE',
  PAUSED: 'PAUSED',
  REMOVED: 'REMOVED',
  CANCELED: 'REMOVED',
  CLOSED: 'REMOVED',
}

/** @throws RowError */
export const accountRecord = (row: Json, customer: Customer, asOf: number): AdEntityRecord =>
  common(row, customer, 'account', 'customer', asOf)

/** @throws RowError */
export function campaignRecord(row: Json, customer: Customer, asOf: number): CampaignRecord {
  const { resource, micros, kind, isShared } = budgetOf(row)
  const isOwn = micros !== null && !isShared
  return {
    ...common(row, customer, 'campaign', 'campaign', asOf),
    campaign_id: id(row, 'campaign.id'),
    objective: text(row, 'campaign.advertisingChannelType'),
    bid_strategy: text(row, 'campaign.biddingStrategyType'),
    budget_micros: isOwn ? micros : null,
    budget_kind: isOwn ? kind : null,
    budget_id: resource?.split('/').at(-1) ?? null,
    budget_is_shared: resource === null ? null : isShared,
    shared_budget_micros: isShared ? micros : null,
  }
}

/** @throws RowError */
export function adsetRecord(row: Json, customer: Customer, asOf: number): AdEntityRecord {
  const { micros, strategy } = bidOf(row)
  return {
    ...common(row, customer, 'adset', 'adGroup', asOf),
    campaign_id: id(row, 'campaign.id'),
    adset_id: id(row, 'adGroup.id'),
    objective: text(row, 'adGroup.type'),
    bid_micros: micros,
    bid_strategy: strategy,
  }
}

/** @throws RowError */
export function adRecord(row: Json, customer: Customer, asOf: number): AdEntityRecord {
  return {
    ...common(row, customer, 'ad', 'adGroupAd', asOf),
    campaign_id: id(row, 'campaign.id'),
    adset_id: id(row, 'adGroup.id'),
    ad_id: id(row, 'adGroupAd.ad.id'),
    name: text(row, 'adGroupAd.ad.name'),
    objective: text(row, 'adGroupAd.ad.type'),
  }
}

function common(
  row: Json,
  customer: Customer,
  level: AdEntityRecord['level'],
  resource: string,
  asOf: number,
): AdEntityRecord {
  const status = text(row, `${resource}.status`)
  const primary = text(row, `${resource}.primaryStatus`)
  // Accounts have no second one.
  const both = status !== null && primary !== null ? `${status}/${primary}` : null
  return {
    platform: 'google',
    level,
    account_id: customer.id,
    campaign_id: null,
    adset_id: null,
    ad_id: null,
    name: text(row, level === 'account' ? 'customer.descriptiveName' : `${resource}.name`),
    status: STATUS[status ?? ''] ?? 'OTHER',
    platform_status: level === 'account' ? status : both,
    objective: null,
    budget_micros: null,
    budget_kind: null,
    bid_micros: null,
    bid_strategy: null,
    currency: customer.currency,
    zone: customer.zone,
    as_of: asOf,
  }
}
