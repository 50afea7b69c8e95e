import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'
import type { OwnPast } from './model/month-end/own-past.ts'
import type { Scope } from './scope.ts'
import type { Series } from './series/model.ts'

/** What stages of the tenant task hand to those after them; none of it is written anywhere. */

/** What changed of a day, as differences; places as in `METRICS`, null: not known. */
export interface DayChange extends BaseRecord {
  readonly scope: Scope
  /** Who says so: a platform, `site`, `crm`. */
  readonly source: string
  /** Up to which day the source has told everything; '': of none. */
  readonly told: string
  /** When it said so, UTC microseconds. */
  readonly at: number
  /** The zone of the account, where it is one's. */
  readonly zone: string | null
  readonly currency: string | null
  /** Null: nothing but how far the source has come. */
  readonly date: string | null
  readonly changes: readonly (number | null)[]
  /** It is the first of its ad and day: a reading that is not over may bring others. */
  readonly isNew: boolean
}
export const dayChangeKind = defineKind<DayChange>('day_change', [])

/** A platform is not connected any more: nobody waits for what it tells of a scope. */
export interface SourceGone extends BaseRecord {
  readonly scope: Scope
  readonly source: string
}
export const sourceGoneKind = defineKind<SourceGone>('source_gone', [])

/** Somebody paces a scope until then: it is shown at every tick. UTC microseconds. */
export interface ScopePaced extends BaseRecord {
  readonly scope: Scope
  readonly until: number
}
export const scopePacedKind = defineKind<ScopePaced>('scope_paced', [])

/** The series of a scope as they are known now; not to be changed or kept. */
export interface SeriesSeen extends BaseRecord {
  readonly scope: Scope
  readonly series: Readonly<Series>
  /** Up to which day each group of metrics was closed before; '': of none. */
  readonly before: Readonly<Record<string, string>>
  readonly isPaced: boolean
}
export const seriesSeenKind = defineKind<SeriesSeen>('series_seen', [])

/** The same with what became of its forecasts, by metric; of scopes that are paced. */
export interface SeriesForecast extends BaseRecord {
  readonly scope: Scope
  readonly series: Readonly<Series>
  readonly pasts: Readonly<Record<string, OwnPast>>
}
export const seriesForecastKind = defineKind<SeriesForecast>('series_forecast', [])
