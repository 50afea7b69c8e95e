import type { ContactRecord } from '../../../plugins/records/contact.ts'
import type { DealRecord, DealStageRecord } from '../../../plugins/records/deal.ts'
import type { HubspotStore, StoredObject } from './store.ts'

/** What a connector should come to that has read all there is: written down without going through the API. */
export class HubspotLedger {
  readonly #store: HubspotStore
  readonly #currency: string

  constructor(store: HubspotStore, currency: string) {
    this.#store = store
    this.#currency = currency
  }

  contacts(): ContactRecord[] {
    return [...this.#store.all('contacts')].map(object => {
      const { properties: p } = object
      const ids = {
        gclid: p.hs_google_click_id,
        fbclid: p.hs_facebook_click_id,
        ttclid: p.tiktok_click_id,
      }
      const campaign = p.hs_analytics_source === 'PAID_SOCIAL' ? '_data_2' : '_data_1'
      return {
        contact_id: String(object.id),
        email: p.email?.toLowerCase() ?? null,
        phone: p.phone?.replaceAll(' ', '') ?? null,
        created_at: object.createdAt * 1000,
        updated_at: lastOf(object) * 1000,
        stage: p.lifecyclestage ?? null,
        owner_id: p.hubspot_owner_id ?? null,
        lead_source: p.hs_analytics_source ?? null,
        campaign: p[`hs_analytics_source${campaign}`] ?? null,
        click_ids: Object.fromEntries(Object.entries(ids).flatMap(([k, v]) => (v ? [[k, v]] : []))),
        is_deleted: object.archivedAt !== null,
      }
    })
  }

  deals(): DealRecord[] {
    return [...this.#store.all('deals')].map(object => {
      const { properties: p } = object
      return {
        deal_id: String(object.id),
        name: p.dealname ?? null,
        pipeline: p.pipeline ?? null,
        stage: p.dealstage ?? null,
        amount_micros: p.amount ? microsOf(p.amount) : null,
        currency: p.deal_currency_code ?? this.#currency,
        created_at: object.createdAt * 1000,
        closed_at: p.closedate ? Date.parse(p.closedate) * 1000 : null,
        updated_at: lastOf(object) * 1000,
        is_closed: p.hs_is_closed ? p.hs_is_closed === 'true' : null,
        is_won: p.hs_is_closed_won ? p.hs_is_closed_won === 'true' : null,
        owner_id: p.hubspot_owner_id ?? null,
        contact_ids: [...object.links].map(String),
        is_deleted: object.archivedAt !== null,
      }
    })
  }

  /** Of deals that are there. */
  dealStages(): DealStageRecord[] {
    return [...this.#store.all('deals')]
      .filter(object => object.archivedAt === null)
      .flatMap(object =>
        (object.history.get('dealstage') ?? [])
          .filter(({ value }, i, all) => value !== '' && value !== all[i - 1]?.value)
          .map(({ value, at }) => ({
            deal_id: String(object.id),
            stage: value,
            entered_at: at * 1000,
            as_of: object.updatedAt * 1000,
          })),
      )
  }
}

const lastOf = ({ updatedAt, archivedAt }: StoredObject): number => Math.max(updatedAt, archivedAt ?? 0)

/** Plain decimal digits as micros; not the way the connector does it. */
function microsOf(text: string): number {
  const [whole = '', decimals = ''] = text.split('.')
  return Number(BigInt(whole + decimals.padEnd(6, '0')))
}
