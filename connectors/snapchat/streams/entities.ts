import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import type { Account } from '../api/account.ts'
import type { Json } from '../api/envelope.ts'
import { inner, needed, text, whole } from '../fields.ts'

/** Objects of the API as records. Amounts are micros there and here. Pure. @throws BadRow */

export const STATUS: Readonly<Record<string, AdEntityRecord['status']>> = {
  ACTIVE: 'ACTIVE',
  PAUSED: 'PAUSED',
  DELETED: 'REMOVED',
}

export function accountRecord(account: Account, asOf: number): AdEntityRecord {
  return {
    ...common(account.row, account, 'account', asOf),
    ...budget(account.row, null, 'lifetime_spend_cap_micro'),
  }
}

export function campaignRecord(row: Json, account: Account, asOf: number): AdEntityRecord {
  const objective = inner(row, 'objective_v2_properties')
  return {
    ...common(row, account, 'campaign', asOf),
    campaign_id: needed(row, 'id'),
    objective: (objective && text(objective, 'objective_v2_type')) ?? text(row, 'objective'),
    ...budget(row, 'daily_budget_micro', 'lifetime_spend_cap_micro'),
  }
}

export function adsetRecord(row: Json, account: Account, asOf: number): AdEntityRecord {
  return {
    ...common(row, account, 'adset', asOf),
    campaign_id: needed(row, 'campaign_id'),
    adset_id: needed(row, 'id'),
    objective: text(row, 'optimization_goal'),
    ...budget(row, 'daily_budget_micro', 'lifetime_budget_micro'),
    bid_micros: whole(row, 'bid_micro'),
    bid_strategy: text(row, 'bid_strategy'),
  }
}

/** @param campaigns campaign by ad squad */
export function adRecord(
  row: Json,
  account: Account,
  campaigns: ReadonlyMap<string, string>,
  asOf: number,
): AdEntityRecord {
  const adset = needed(row, 'ad_squad_id')
  return {
    ...common(row, account, 'ad', asOf),
    campaign_id: campaigns.get(adset) ?? null,
    adset_id: adset,
    ad_id: needed(row, 'id'),
  }
}

function common(row: Json, account: Account, level: AdEntityRecord['level'], asOf: number): AdEntityRecord {
  const status = text(row, 'status')
  return {
    platform: 'snapchat',
    level,
    account_id: account.id,
    campaign_id: null,
    adset_id: null,
    ad_id: null,
    name: text(row, 'name'),
    status: STATUS[status ?? ''] ?? 'OTHER',
    platform_status: status,
    objective: null,
    budget_micros: null,
    budget_kind: null,
    bid_micros: null,
    bid_strategy: null,
    currency: account.currency,
    zone: account.zone,
    as_of: asOf,
  }
}

/** Where both are there, the daily one holds every day, so it is the one that is told. */
function budget(row: Json, daily: string | null, lifetime: string) {
  const byDay = daily === null ? null : whole(row, daily)
  if (byDay !== null) return { budget_micros: byDay, budget_kind: 'daily' as const }
  const inAll = whole(row, lifetime)
  return { budget_micros: inAll, budget_kind: inAll === null ? null : ('lifetime' as const) }
}
