import type { DayFigures } from '../../../rules/model/subject.ts'
import type { Platform } from '../../../signals/platform.ts'

/** Sums of a day in the account's zone; null where nobody said. */
export type DaySums = Pick<DayFigures, 'spend_micros' | 'revenue_micros' | 'conversions_micros'>

/** What an entity may spend: of itself, else of the nearest above it that has a budget. */
export interface Budget {
  /** Whose it is. */
  readonly entity: string
  /** Of the whole lifetime where it is of that kind; null: not known. */
  readonly micros: number | null
  readonly kind: 'daily' | 'lifetime' | null
  /** Days a lifetime budget still runs, today with them; null: not known, or it is a daily one. */
  readonly remaining_days: number | null
  /** At 00:00 in the account's zone, of the same kind; null: not known, or of another kind then. */
  readonly midnight_micros: number | null
}

/** An entity of the account that may spend today. */
export interface ActiveEntity {
  readonly entity: string
  /** A day; null: not known. */
  readonly budget_micros: number | null
  readonly spent_today_micros: number | null
}

/** What enforcement knows of an entity and its account at one moment. Plain JSON; null is unknown, which restricts. */
export interface Facts {
  /** `meta:a1:c1`. */
  readonly entity: string
  readonly platform: Platform
  readonly account_id: string
  readonly campaign_id: string | null
  /** ISO 4217, of the account; null: not known, and then no money is compared. */
  readonly currency: string | null
  /** Date in the account's zone. */
  readonly today: string
  readonly budget: Budget
  /** By date. One that is missing had no delivery. */
  readonly days: Readonly<Record<string, DaySums>>
  /** Mean daily spend of the last 7 complete days; null: not known. What a pause or a bid moves. */
  readonly mean_spend_micros: number | null
  readonly account: {
    readonly spent_today_micros: number | null
    /** Of the spend data; null: there is none. */
    readonly spend_age_hours: number | null
    /** From which age on its source is no longer fresh. */
    readonly spend_fresh_hours: number
    /** Whose budget may be spent today; null: not known. Looked at only where there is a daily limit. */
    readonly active: readonly ActiveEntity[] | null
    /** Applied today in the account's zone: ours, and those of others in the platform's change history. */
    readonly changes_today: number
  }
  /** When a change of the entity was last applied, by us or others, UTC microseconds; null: none is known. */
  readonly changed_at: number | null
  /** Over the window of frequency. People of several days are not the sum of each day's: null where nobody said. */
  readonly impressions: number | null
  readonly reach: number | null
}
