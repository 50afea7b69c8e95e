import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import type { Account } from '../api/account.ts'
import { id, type Json, minor, needed, text } from '../fields.ts'

/** Objects of the Graph API as records; amounts from the account's minor units. Pure. @throws BadRow */

const ACCOUNT_STATUS: Readonly<Record<string, string>> = {
  1: 'ACTIVE',
  2: 'DISABLED',
  3: 'UNSETTLED',
  7: 'PENDING_RISK_REVIEW',
  8: 'PENDING_SETTLEMENT',
  9: 'IN_GRACE_PERIOD',
  100: 'PENDING_CLOSURE',
  101: 'CLOSED',
}

export function accountRecord(account: Account, asOf: number): AdEntityRecord {
  const { row, currency } = account
  const code = row.account_status
  const said =
    typeof code === 'number' || typeof code === 'string' ? (ACCOUNT_STATUS[code] ?? String(code)) : null
  const cap = minor(row, 'spend_cap', currency) || null
  return {
    ...common(row, account, 'account', asOf),
    status: said === 'ACTIVE' ? 'ACTIVE' : said === 'CLOSED' ? 'REMOVED' : 'OTHER',
    platform_status: said,
    budget_micros: cap,
    budget_kind: cap === null ? null : 'lifetime',
  }
}

export function campaignRecord(row: Json, account: Account, asOf: number): AdEntityRecord {
  return {
    ...common(row, account, 'campaign', asOf),
    campaign_id: needed(id(row, 'id'), 'id'),
    objective: text(row, 'objective'),
    ...budgetOf(row, account.currency),
    bid_strategy: text(row, 'bid_strategy'),
  }
}

export function adsetRecord(row: Json, account: Account, asOf: number): AdEntityRecord {
  return {
    ...common(row, account, 'adset', asOf),
    campaign_id: needed(id(row, 'campaign_id'), 'campaign_id'),
    adset_id: needed(id(row, 'id'), 'id'),
    objective: text(row, 'optimization_goal'),
    ...budgetOf(row, account.currency),
    bid_micros: minor(row, 'bid_amount', account.currency),
    bid_strategy: text(row, 'bid_strategy'),
  }
}

export function adRecord(row: Json, account: Account, asOf: number): AdEntityRecord {
  return {
    ...common(row, account, 'ad', asOf),
    campaign_id: needed(id(row, 'campaign_id'), 'campaign_id'),
    adset_id: needed(id(row, 'adset_id'), 'adset_id'),
    ad_id: needed(id(row, 'id'), 'id'),
  }
}

function common(row: Json, account: Account, level: AdEntityRecord['level'], asOf: number): AdEntityRecord {
  const effective = level === 'account' ? null : text(row, 'effective_status')
  return {
    platform: 'meta',
    level,
    account_id: account.id,
    campaign_id: null,
    adset_id: null,
    ad_id: null,
    name: text(row, 'name'),
    status: level === 'account' ? 'OTHER' : statusOf(text(row, 'status'), effective),
    platform_status: effective,
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

/** Delivering as far as the object itself goes: what its parents do is in the effective status alone. */
const WELL = new Set(['ACTIVE', 'CAMPAIGN_PAUSED', 'ADSET_PAUSED'])

export function statusOf(own: string | null, effective: string | null): AdEntityRecord['status'] {
  const said = own ?? effective
  if (said === 'PAUSED') return 'PAUSED'
  if (said === 'DELETED' || said === 'ARCHIVED') return 'REMOVED'
  return said === 'ACTIVE' && WELL.has(effective ?? 'ACTIVE') ? 'ACTIVE' : 'OTHER'
}

/** Of two fields one is in force; the other says 0, or is not there. */
export function budgetOf(row: Json, currency: string) {
  const daily = minor(row, 'daily_budget', currency)
  if (daily) return { budget_micros: daily, budget_kind: 'daily' as const }
  const lifetime = minor(row, 'lifetime_budget', currency)
  if (lifetime) return { budget_micros: lifetime, budget_kind: 'lifetime' as const }
  return { budget_micros: null, budget_kind: null }
}
