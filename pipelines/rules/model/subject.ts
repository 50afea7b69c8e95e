import type { Platform } from '../../signals/platform.ts'

/** What a rule can be about, from the whole to its parts. */
export const LEVELS = ['platform', 'account', 'campaign', 'adset', 'ad'] as const
export type Level = (typeof LEVELS)[number]

/** Names what is looked at; ids below its level are null. */
export interface Subject {
  readonly platform: Platform
  readonly level: Level
  readonly account_id: string | null
  readonly campaign_id: string | null
  readonly adset_id: string | null
  readonly ad_id: string | null
}

/** Sums of one day in the account's zone: money in micros, conversions in millionths; null where no row has them. */
export interface DayFigures {
  readonly spend_micros: number | null
  readonly revenue_micros: number | null
  readonly conversions_micros: number | null
  readonly impressions: number | null
  readonly clicks: number | null
  /** People of the day; of several rows, their sum. */
  readonly reach: number | null
}

/** Names of them. */
export const FIGURES = [
  'spend_micros',
  'revenue_micros',
  'conversions_micros',
  'impressions',
  'clicks',
  'reach',
] as const satisfies readonly (keyof DayFigures)[]

/** Days of figures that are kept: the longest window of a rule, and what settles late. */
export const DAYS_KEPT = 40

/** What the best split of a budget offers a campaign (`pipelines/allocation`): clear enough to be proposed. */
export interface AllocationOffer {
  readonly allocation_id: string
  /** Budget of a day that it starts from, and the one it offers. Micros. */
  readonly before_micros: number
  readonly budget_micros: number
  /** That the whole split brings more than the present one, 0 to 1. */
  readonly gain_probability: number
  /** What the campaign's curve rests on. */
  readonly evidence: 'OWN' | 'SHARED' | 'PRIOR'
  /** UTC microseconds. */
  readonly until: number
}

/** A subject as it is known at one moment: what rules are evaluated on. */
export interface SubjectView {
  readonly subject: Subject
  readonly name: string | null
  /** ACTIVE, PAUSED, REMOVED, OTHER; null: not known. Of a campaign, ad set or ad. */
  readonly status: string | null
  readonly budget_micros: number | null
  readonly budget_kind: 'daily' | 'lifetime' | null
  /** Its budget when the day began for its account; of one first seen today, as it was then. */
  readonly budget_at_midnight_micros: number | null
  readonly bid_micros: number | null
  /** Left out: nothing is offered, or its budget is not any more the one that the offer starts from. */
  readonly offer?: AllocationOffer
  /** ISO 4217; null: not known yet, and then no money is compared. */
  readonly currency: string | null
  /** IANA zone of the account. */
  readonly zone: string
  /** UTC microseconds. */
  readonly now: number
  /** Date of `now` in the account's zone, YYYY-MM-DD. */
  readonly today: string
  /** By date; at most the last `DAYS_KEPT` days. A date that is missing had no row. */
  readonly days: Readonly<Record<string, DayFigures>>
  /** When the platform said the newest of it, UTC microseconds; null: never. */
  readonly watermark: number | null
  /** Offset on the tenant's facts of the newest record of it; null: none. */
  readonly offset: number | null
}

/** `meta:a1:c1`: names a subject in keys, draws and leases. */
export const entityOf = ({ platform, level, account_id, campaign_id, adset_id, ad_id }: Subject): string =>
  [platform, account_id, campaign_id, adset_id, ad_id].slice(0, LEVELS.indexOf(level) + 1).join(':')
