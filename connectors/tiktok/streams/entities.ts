import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import type { Advertiser } from '../api/advertisers.ts'
import type { Json } from '../api/envelope.ts'
import { idOf, millionths, text } from '../fields.ts'

/** Objects of the API as records. Amounts come in the major unit and go as micros. Pure. @throws BadRow */
export type ToEntity = (row: Json, advertiser: Advertiser, asOf: number) => AdEntityRecord

const ACCOUNT_STATUS: Readonly<Record<string, AdEntityRecord['status']>> = {
  STATUS_ENABLE: 'ACTIVE',
  STATUS_DISABLE: 'PAUSED',
}

export const account: ToEntity = (row, advertiser, asOf) => {
  const status = text(row, 'status')
  return {
    ...nothing(advertiser, asOf),
    level: 'account',
    name: text(row, 'name'),
    status: ACCOUNT_STATUS[status ?? ''] ?? 'OTHER',
    platform_status: status,
    zone: advertiser.zone,
  }
}

export const campaign: ToEntity = (row, advertiser, asOf) => ({
  ...nothing(advertiser, asOf),
  ...statusOf(row),
  ...budgetOf(row),
  level: 'campaign',
  campaign_id: idOf(row, 'campaign_id'),
  name: text(row, 'campaign_name'),
  objective: text(row, 'objective_type'),
})

export const adset: ToEntity = (row, advertiser, asOf) => ({
  ...nothing(advertiser, asOf),
  ...statusOf(row),
  ...budgetOf(row),
  level: 'adset',
  campaign_id: idOf(row, 'campaign_id'),
  adset_id: idOf(row, 'adgroup_id'),
  name: text(row, 'adgroup_name'),
  bid_micros: bidOf(row).micros,
  bid_strategy: text(row, 'bid_type'),
})

export const ad: ToEntity = (row, advertiser, asOf) => ({
  ...nothing(advertiser, asOf),
  ...statusOf(row),
  level: 'ad',
  campaign_id: idOf(row, 'campaign_id'),
  adset_id: idOf(row, 'adgroup_id'),
  ad_id: idOf(row, 'ad_id'),
  name: text(row, 'ad_name'),
})

/** What a level has not. */
const nothing = (advertiser: Advertiser, asOf: number) => ({
  platform: 'tiktok' as const,
  account_id: advertiser.id,
  campaign_id: null,
  adset_id: null,
  ad_id: null,
  name: null,
  objective: null,
  budget_micros: null,
  budget_kind: null,
  bid_micros: null,
  bid_strategy: null,
  currency: advertiser.currency,
  zone: null,
  as_of: asOf,
})

export const SWITCH: Readonly<Record<string, AdEntityRecord['status']>> = {
  ENABLE: 'ACTIVE',
  DISABLE: 'PAUSED',
  DELETE: 'REMOVED',
}
/** On, and not delivering for a reason of its own: in review, turned down, over. */
const HINDERED = /AUDIT|DENY|DENIED|REJECT|PUNISH|FROZEN|DONE|OFFLINE/

/** `operation_status` is the switch; `secondary_status` says what comes of it, parents included. */
function statusOf(row: Json): Pick<AdEntityRecord, 'status' | 'platform_status'> {
  const secondary = text(row, 'secondary_status')
  const own = SWITCH[text(row, 'operation_status') ?? ''] ?? 'OTHER'
  const isHindered = own === 'ACTIVE' && HINDERED.test(secondary ?? '')
  const status = /_DELETE$/.test(secondary ?? '') ? 'REMOVED' : isHindered ? 'OTHER' : own
  return { status, platform_status: secondary }
}

const KIND: Readonly<Record<string, AdEntityRecord['budget_kind']>> = {
  BUDGET_MODE_DAY: 'daily',
  BUDGET_MODE_DYNAMIC_DAILY_BUDGET: 'daily',
  BUDGET_MODE_TOTAL: 'lifetime',
}

/** Of this level itself: without one it is `BUDGET_MODE_INFINITE` with a budget of 0. */
export function budgetOf(row: Json): Pick<AdEntityRecord, 'budget_micros' | 'budget_kind'> {
  const kind = KIND[text(row, 'budget_mode') ?? ''] ?? null
  return { budget_micros: kind === null ? null : millionths(row, 'budget'), budget_kind: kind }
}

/** The field that the bid is in: by conversions it is the target cost of one, else the price of a click or view. */
export type BidField = 'conversion_bid_price' | 'bid_price'

export function bidOf(row: Json): { readonly field: BidField; readonly micros: number | null } {
  const field = text(row, 'billing_event') === 'OCPM' ? 'conversion_bid_price' : 'bid_price'
  if (text(row, 'bid_type') !== 'BID_TYPE_CUSTOM') return { field, micros: null }
  return { field, micros: millionths(row, field) || null }
}
