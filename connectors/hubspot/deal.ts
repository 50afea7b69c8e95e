import { redactPii } from '../../plugins/privacy/redact.ts'
import type { DealRecord } from '../../plugins/records/deal.ts'
import { flag, money, text, time } from '../../plugins/rows/index.ts'
import type { CrmObject, ObjectKind } from './objects.ts'
import { createdAt, idOf, isArchived, updatedAt } from './record.ts'

export const deals: ObjectKind = {
  path: 'deals',
  modified: 'hs_lastmodifieddate',
  properties: [
    'dealname',
    'amount',
    'deal_currency_code',
    'dealstage',
    'pipeline',
    'closedate',
    'createdate',
    'hs_lastmodifieddate',
    'hs_is_closed',
    'hs_is_closed_won',
    'hubspot_owner_id',
  ],
  associations: ['contacts'],
}

/** @param currency the account's: of deals without one @throws RowError */
export function dealOf(
  object: CrmObject,
  contactIds: readonly string[],
  currency: string | null,
): DealRecord {
  const { properties: p } = object
  const id = idOf(object)
  const own = text(p, 'deal_currency_code')?.toUpperCase() ?? currency
  const name = text(p, 'dealname')
  const isWon = flag(p, 'hs_is_closed_won')
  return {
    deal_id: id,
    // Deals are named after whom they are with, addresses and all.
    name: name === null ? null : redactPii(name),
    pipeline: text(p, 'pipeline'),
    stage: text(p, 'dealstage'),
    amount_micros: money(p, 'amount', own),
    currency: own,
    created_at: createdAt(object),
    closed_at: time(p, 'closedate'),
    updated_at: updatedAt(object, deals.modified),
    is_closed: flag(p, 'hs_is_closed') ?? (isWon === true ? true : null),
    is_won: isWon,
    owner_id: text(p, 'hubspot_owner_id'),
    contact_ids: [...new Set(contactIds)],
    is_deleted: isArchived(object),
  }
}
