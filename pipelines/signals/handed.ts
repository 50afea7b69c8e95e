import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'
import type { Measures } from '../ad-metrics/model.ts'
import type { Platform } from './platform.ts'

/** What stages of the tenant task hand to those after them; none of it is written anywhere. */

/** The figures of an ad and day changed: what they were, and what they are. */
export interface AdFigures extends BaseRecord {
  readonly platform: string
  readonly account_id: string
  readonly campaign_id: string
  readonly adset_id: string | null
  readonly ad_id: string | null
  readonly date: string
  readonly as_of: number
  readonly before: Measures | null
  readonly after: Measures
}
export const adFiguresKind = defineKind<AdFigures>('ad_figures', [])

/** Conversions that came by one platform since the last time; times are UTC microseconds. */
export interface Arrivals extends BaseRecord {
  readonly platform: Platform
  /** The latest conversion there has been. */
  readonly last: number
  /** The longest wait for a conversion that came in an hour: number of the hour since 1970, minutes. */
  readonly waits: readonly (readonly [hour: number, minutes: number])[]
  /** Conversions by source and hour. */
  readonly hours: readonly (readonly [source: string, hour: number, conversions: number])[]
  /** Purchases of the analytics source by day and currency. Without an amount: currency null, micros 0. */
  readonly days: readonly (readonly [
    date: string,
    currency: string | null,
    purchases: number,
    micros: number,
  ])[]
}
export const arrivalsKind = defineKind<Arrivals>('arrivals', [])

/** Events of one name in the last two days, and how many of them have each identifier. */
export interface NameCounts {
  readonly name: string
  readonly events: number
  readonly keys: Readonly<Record<string, number>>
}

/** What the site's events say to every platform. */
export interface SiteSignals extends BaseRecord {
  readonly platform: Platform
  /** Latest event of the analytics source, UTC microseconds; null: there is none. */
  readonly analytics: number | null
  readonly names: readonly NameCounts[]
  /** Different values of each identifier, and different people, about. */
  readonly distinct: Readonly<Record<string, number>>
  readonly people: number
  /** Names of events seen in the last 28 days. */
  readonly seen: readonly string[]
  /** Purchases that a browser sent in two days, and those of them that a server sent too; null: no server sends any. */
  readonly twins: { readonly browser: number; readonly both: number } | null
}
export const siteSignalsKind = defineKind<SiteSignals>('site_signals', [])
