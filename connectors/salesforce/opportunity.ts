import { redactPii } from '../../plugins/privacy/redact.ts'
import type { DealRecord } from '../../plugins/records/deal.ts'
import { flag, money, needed, type Row, text, time } from '../../plugins/rows/index.ts'
import type { TimeSlice } from '../../plugins/sync/index.ts'
import type { Roles } from './roles.ts'
import { literal, within } from './soql.ts'

/** `CurrencyIsoCode` is there in organisations with several currencies only. */
export const OPPORTUNITY_FIELDS = [
  'Id',
  'Name',
  'StageName',
  'Amount',
  'CloseDate',
  'CreatedDate',
  'SystemModstamp',
  'IsClosed',
  'IsWon',
  'OwnerId',
  'IsDeleted',
]

/**
 * What of the opportunities is in a slice: those that changed, and those that did not while a contact got a role in
 * them, which Salesforce does not count as a change of theirs.
 */
export function opportunityQueries(slice: TimeSlice): string[] {
  const changed = within(slice)
  if (slice.from === null) return [changed]
  const roles = `SELECT OpportunityId FROM OpportunityContactRole WHERE ${within(slice)}`
  return [changed, `SystemModstamp < ${literal(slice.from)} AND Id IN (${roles})`]
}

/** @param currency the organisation's: where the row has none of its own @throws RowError */
export function opportunityOf(row: Row, { contacts, changedAt }: Roles, currency: string | null): DealRecord {
  const own = text(row, 'CurrencyIsoCode') ?? currency
  const name = text(row, 'Name')
  return {
    deal_id: needed(text(row, 'Id'), 'Id'),
    name: name === null ? null : redactPii(name),
    pipeline: null,
    stage: text(row, 'StageName'),
    amount_micros: money(row, 'Amount', own),
    currency: own,
    created_at: time(row, 'CreatedDate'),
    closed_at: time(row, 'CloseDate'),
    updated_at: Math.max(needed(time(row, 'SystemModstamp'), 'SystemModstamp'), changedAt),
    is_closed: flag(row, 'IsClosed'),
    is_won: flag(row, 'IsWon'),
    owner_id: text(row, 'OwnerId'),
    contact_ids: [...contacts],
    is_deleted: flag(row, 'IsDeleted') ?? false,
  }
}
