import {
  at,
  type CrmDeal,
  type CrmPerson,
  type CrmWorld,
  type DealStage,
} from '../../../plugins/simulator/world/crm.ts'
import type { Fields, SalesforceStore } from './store.ts'

const STAGES: Readonly<Record<DealStage, string>> = {
  qualification: 'Qualification',
  proposal: 'Proposal/Price Quote',
  negotiation: 'Negotiation/Review',
  won: 'Closed Won',
  lost: 'Closed Lost',
}
const STATUS = {
  lead: 'Open - Not Contacted',
  qualified: 'Working - Contacted',
  opportunity: 'Qualified',
  customer: 'Qualified',
}
const SOURCES: Readonly<Record<CrmPerson['source'], string>> = {
  search_ads: 'Paid Search',
  social_ads: 'Paid Social',
  email: 'Email',
  search: 'Web',
  direct: 'Web',
  offline: 'Partner Referral',
}

interface Happening {
  readonly at: number
  readonly do: () => void
}

/** Micros as the API writes an amount: a double, with at least one decimal. Exact as far as doubles are. */
export function amountText(micros: number | null): string | null {
  if (micros === null) return null
  const digits = String(micros).padStart(7, '0')
  return `${digits.slice(0, -6)}.${digits.slice(-6).replace(/0+$/, '') || '0'}`
}

export const stageOf = (stage: DealStage): Fields => ({
  StageName: STAGES[stage],
  IsClosed: stage === 'won' || stage === 'lost',
  IsWon: stage === 'won',
})

/** Lets happen in an organisation what happens in a world: who is in a deal is a contact, everybody else a lead. */
export class History {
  readonly #rest: Happening[]
  readonly #people = new Map<number, string>()
  readonly #deals = new Map<number, string>()

  constructor(world: CrmWorld, store: SalesforceStore, isMulti: boolean) {
    const dealers = new Set(world.deals.flatMap(deal => deal.people))
    this.#rest = [
      ...world.people.flatMap((person, i) =>
        this.#ofPerson(person, i, dealers.has(i) ? 'Contact' : 'Lead', store),
      ),
      ...world.deals.flatMap((deal, i) => this.#ofDeal(deal, i, world, store, isMulti)),
    ].sort((a, b) => b.at - a.at)
  }

  /** @param now epoch milliseconds */
  catchUp(now: number): void {
    while (this.#rest.length > 0 && this.#rest.at(-1)!.at <= now) this.#rest.pop()!.do()
  }

  #ofPerson(person: CrmPerson, i: number, object: 'Lead' | 'Contact', store: SalesforceStore): Happening[] {
    return person.stages.map(({ at, value }, step) => ({
      at: at / 1000,
      do: () => {
        const status = object === 'Lead' ? { Status: STATUS[value] } : {}
        if (step > 0) store.update(object, this.#people.get(i)!, status, at / 1000)
        else this.#people.set(i, store.create(object, { ...personFields(person), ...status }, at / 1000).Id)
      },
    }))
  }

  #ofDeal(deal: CrmDeal, i: number, world: CrmWorld, store: SalesforceStore, isMulti: boolean): Happening[] {
    // What happens to a deal at once is one save, and one row of its history.
    const times = [...new Set([...deal.stages, ...deal.amounts].map(one => one.at))].sort((a, b) => a - b)
    const saved = (time: number): Fields => ({
      ...stageOf(at(deal.stages, time)!),
      Amount: amountText(at(deal.amounts, time) ?? null),
    })
    const fixed: Fields = {
      Name: deal.name,
      CloseDate: new Date(deal.closesAt / 1000).toISOString().slice(0, 10),
      OwnerId: ownerId(deal.owner),
      ...(isMulti ? { CurrencyIsoCode: deal.currency ?? world.currency } : {}),
    }
    return [
      ...times.map((time, step) => ({
        at: time / 1000,
        do: () => {
          if (step > 0) store.change(this.#deals.get(i)!, saved(time), time / 1000)
          else this.#deals.set(i, store.open({ ...fixed, ...saved(time) }, time / 1000).Id)
        },
      })),
      ...deal.people.map((person, n) => {
        const ms = Math.max(deal.createdAt, world.people[person]!.createdAt) / 1000 + 1
        return { at: ms, do: () => this.#join(store, i, person, n === 0, ms) }
      }),
    ]
  }

  #join(store: SalesforceStore, deal: number, person: number, IsPrimary: boolean, ms: number): void {
    const [OpportunityId, ContactId] = [this.#deals.get(deal)!, this.#people.get(person)!]
    store.create('OpportunityContactRole', { OpportunityId, ContactId, IsPrimary, Role: null }, ms)
  }
}

const ownerId = (index: number | null): string => `0055f${String(index ?? 99).padStart(10, '0')}AAA`

const personFields = (person: CrmPerson): Fields => ({
  Email: person.email,
  Phone: person.phone,
  LastName: person.lastName,
  LeadSource: SOURCES[person.source],
  OwnerId: ownerId(person.owner),
  Description: `Met at the fair, "hall 3",\nwants a call back`,
  GCLID__c: person.clickIds.gclid ?? null,
  TTCLID__c: person.clickIds.ttclid ?? null,
})
