import { minorDigits } from '../../../plugins/money/index.ts'
import type {
  CrmDeal,
  CrmPerson,
  CrmWorld,
  DealStage,
  PersonStage,
} from '../../../plugins/simulator/world/crm.ts'
import type { HubspotStore, Properties } from './store.ts'

/** HubSpot's own words for what happens in the world. */
export const STAGES: Readonly<Record<DealStage, string>> = {
  qualification: 'qualifiedtobuy',
  proposal: 'presentationscheduled',
  negotiation: 'contractsent',
  won: 'closedwon',
  lost: 'closedlost',
}
const LIFECYCLE: Readonly<Record<PersonStage, string>> = {
  lead: 'lead',
  qualified: 'marketingqualifiedlead',
  opportunity: 'opportunity',
  customer: 'customer',
}
const SOURCES: Readonly<Record<CrmPerson['source'], string>> = {
  search_ads: 'PAID_SEARCH',
  social_ads: 'PAID_SOCIAL',
  email: 'EMAIL_MARKETING',
  search: 'ORGANIC_SEARCH',
  direct: 'DIRECT_TRAFFIC',
  offline: 'OFFLINE',
}

const FIRST_OWNER = 7001

export const ownerId = (index: number | null): string | null =>
  index === null ? null : String(FIRST_OWNER + index)

interface Happening {
  /** Epoch milliseconds. */
  readonly at: number
  readonly do: () => void
}

/** Lets happen in a store what happens in a world, in its order, as far as the clock has come. */
export class History {
  readonly #rest: Happening[]
  readonly #people = new Map<number, number>()
  readonly #deals = new Map<number, number>()

  constructor(world: CrmWorld, store: HubspotStore) {
    const all = [
      ...world.people.flatMap((person, i) => this.#ofPerson(person, i, store)),
      ...world.deals.flatMap((deal, i) => this.#ofDeal(deal, i, world, store)),
    ]
    this.#rest = all.sort((a, b) => b.at - a.at)
  }

  /** @param now epoch milliseconds */
  catchUp(now: number): void {
    while (this.#rest.length > 0 && this.#rest.at(-1)!.at <= now) this.#rest.pop()!.do()
  }

  #ofPerson(person: CrmPerson, i: number, store: HubspotStore): Happening[] {
    return person.stages.map(({ at, value }, step) => {
      const stage = { lifecyclestage: LIFECYCLE[value] }
      const ms = at / 1000
      return {
        at: ms,
        do: () => {
          if (step > 0) store.update('contacts', this.#people.get(i)!, stage, ms)
          else
            this.#people.set(i, store.create('contacts', { ...contactProperties(person), ...stage }, ms).id)
        },
      }
    })
  }

  #ofDeal(deal: CrmDeal, i: number, world: CrmWorld, store: HubspotStore): Happening[] {
    const change = (at: number, properties: Properties): Happening => ({
      at: at / 1000,
      do: () => void store.update('deals', this.#deals.get(i)!, properties, at / 1000),
    })
    const digits = minorDigits(deal.currency ?? world.currency)
    const [first, ...stages] = deal.stages
    const [amount, ...amounts] = deal.amounts
    const whole = {
      ...dealProperties(deal),
      ...stageOf(first!.value),
      amount: amountText(amount!.value, digits),
    }
    const links = deal.people.map((person): Happening => {
      const ms = Math.max(deal.createdAt, world.people[person]!.createdAt) / 1000
      return { at: ms + 1, do: () => store.associate(this.#deals.get(i)!, this.#people.get(person)!, ms + 1) }
    })
    return [
      {
        at: deal.createdAt / 1000,
        do: () => void this.#deals.set(i, store.create('deals', whole, deal.createdAt / 1000).id),
      },
      ...links,
      ...stages.map(({ at, value }) => change(at, stageOf(value))),
      ...amounts.map(({ at, value }) => change(at, { amount: amountText(value, digits) })),
    ]
  }
}

function contactProperties({ source, campaign, clickIds, ...person }: CrmPerson): Properties {
  const isSocial = source === 'social_ads'
  return {
    email: person.email,
    phone: person.phone,
    firstname: person.firstName,
    lastname: person.lastName,
    hubspot_owner_id: ownerId(person.owner),
    hs_analytics_source: SOURCES[source],
    hs_analytics_source_data_1: isSocial ? 'Facebook' : campaign,
    hs_analytics_source_data_2: isSocial ? campaign : null,
    hs_google_click_id: clickIds.gclid ?? null,
    hs_facebook_click_id: clickIds.fbclid ?? null,
    tiktok_click_id: clickIds.ttclid ?? null,
  }
}

const dealProperties = (deal: CrmDeal): Properties => ({
  dealname: deal.name,
  pipeline: 'default',
  deal_currency_code: deal.currency,
  closedate: new Date(deal.closesAt / 1000).toISOString(),
  hubspot_owner_id: ownerId(deal.owner),
})

export const stageOf = (stage: DealStage): Properties => ({
  dealstage: STAGES[stage],
  hs_is_closed: String(stage === 'won' || stage === 'lost'),
  hs_is_closed_won: String(stage === 'won'),
})

/** Micros as HubSpot writes amounts: major units, with decimals only where there are any. */
export function amountText(micros: number | null, digits: number): string | null {
  if (micros === null) return null
  const whole = String(micros).padStart(7, '0')
  const decimals = whole.slice(-6).slice(0, digits)
  return whole.slice(0, -6) + (/[1-9]/.test(decimals) ? `.${decimals}` : '')
}
