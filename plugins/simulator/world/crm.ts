/**
 * What simulated CRMs are windows on: people, and the deals made with them. Money is integer micros, times are UTC
 * microseconds. What happens later than a CRM's own clock is not there yet.
 */
export interface CrmWorld {
  readonly seed: number
  /** Of the company: what deals without a currency of their own are in. */
  readonly currency: string
  readonly owners: readonly CrmOwner[]
  readonly people: readonly CrmPerson[]
  readonly deals: readonly CrmDeal[]
}

export interface CrmOwner {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly createdAt: number
}

export type PersonStage = 'lead' | 'qualified' | 'opportunity' | 'customer'
export type CrmSource = 'search_ads' | 'social_ads' | 'email' | 'search' | 'direct' | 'offline'

/** Since when something is so. */
export interface Since<T> {
  readonly at: number
  readonly value: T
}

export interface CrmPerson {
  readonly email: string
  readonly phone: string | null
  readonly firstName: string
  readonly lastName: string
  readonly createdAt: number
  /** Place in `owners`; null: nobody's. */
  readonly owner: number | null
  readonly source: CrmSource
  readonly campaign: string | null
  readonly clickIds: { readonly gclid?: string; readonly fbclid?: string; readonly ttclid?: string }
  /** Oldest first; the first from the beginning. */
  readonly stages: readonly Since<PersonStage>[]
}

export type DealStage = 'qualification' | 'proposal' | 'negotiation' | 'won' | 'lost'

export interface CrmDeal {
  readonly name: string
  /** Places in `people`. */
  readonly people: readonly number[]
  readonly owner: number | null
  /** ISO 4217; null: the company's. */
  readonly currency: string | null
  readonly createdAt: number
  readonly closesAt: number
  /** Oldest first; null: not known. */
  readonly amounts: readonly Since<number | null>[]
  /** Oldest first; a stage may be entered again. */
  readonly stages: readonly Since<DealStage>[]
}

/** What is so at a time; undefined: nothing yet. */
export const at = <T>(history: readonly Since<T>[], time: number): T | undefined =>
  history.findLast(one => one.at <= time)?.value
