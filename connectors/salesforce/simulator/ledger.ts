import type { ContactRecord } from '../../../plugins/records/contact.ts'
import type { DealRecord, DealStageRecord } from '../../../plugins/records/deal.ts'
import type { Fields, SalesforceStore } from './store.ts'

/** What a connector should come to that has read all there is: written down without going through the API. */
export class SalesforceLedger {
  readonly #store: SalesforceStore
  readonly #currency: string

  constructor(store: SalesforceStore, currency: string) {
    this.#store = store
    this.#currency = currency
  }

  opportunities(): DealRecord[] {
    const roles = new Map<unknown, Fields[]>()
    for (const { fields } of this.#store.all('OpportunityContactRole'))
      roles.set(fields.OpportunityId, [...(roles.get(fields.OpportunityId) ?? []), fields])
    return [...this.#store.all('Opportunity')].map(({ Id, fields: f }) => ({
      deal_id: Id,
      name: f.Name as string,
      pipeline: null,
      stage: f.StageName as string,
      amount_micros: f.Amount === null ? null : microsOf(String(f.Amount)),
      currency: (f.CurrencyIsoCode as string | undefined) ?? this.#currency,
      created_at: us(f.CreatedDate),
      closed_at: us(f.CloseDate),
      updated_at: Math.max(
        us(f.SystemModstamp),
        ...(roles.get(Id) ?? []).map(role => us(role.SystemModstamp)),
      ),
      is_closed: f.IsClosed as boolean,
      is_won: f.IsWon as boolean,
      owner_id: f.OwnerId as string,
      contact_ids: (roles.get(Id) ?? [])
        .toSorted((a, b) => Number(b.IsPrimary) - Number(a.IsPrimary))
        .map(role => role.ContactId as string),
      is_deleted: f.IsDeleted as boolean,
    }))
  }

  people(object: 'Lead' | 'Contact'): ContactRecord[] {
    return [...this.#store.all(object)].map(({ Id, fields: f }) => ({
      contact_id: Id,
      email: (f.Email as string).toLowerCase(),
      phone: (f.Phone as string | null)?.replaceAll(' ', '') ?? null,
      created_at: us(f.CreatedDate),
      updated_at: us(f.SystemModstamp),
      stage: (f.Status as string | undefined) ?? null,
      owner_id: f.OwnerId as string,
      lead_source: f.LeadSource as string,
      campaign: null,
      click_ids: Object.fromEntries(
        [
          ['gclid', f.GCLID__c],
          ['ttclid', f.TTCLID__c],
        ].filter(([, value]) => typeof value === 'string'),
      ),
      is_deleted: f.IsDeleted as boolean,
    }))
  }

  /** Of opportunities that are there; a row of the same stage as the one before is no entry. */
  stages(): DealStageRecord[] {
    const before = new Map<unknown, unknown>()
    return [...this.#store.all('OpportunityHistory')].flatMap(({ fields: f }) => {
      const same = before.get(f.OpportunityId) === f.StageName
      before.set(f.OpportunityId, f.StageName)
      if (same || this.#store.get('Opportunity', String(f.OpportunityId))?.fields.IsDeleted === true)
        return []
      const at = us(f.CreatedDate)
      return [{ deal_id: String(f.OpportunityId), stage: String(f.StageName), entered_at: at, as_of: at }]
    })
  }
}

const us = (value: unknown): number => Date.parse(String(value)) * 1000

/** Plain decimal digits as micros; not the way the connector does it. */
function microsOf(text: string): number {
  const [whole = '', decimals = ''] = text.split('.')
  return Number(BigInt(whole + decimals.padEnd(6, '0')))
}
