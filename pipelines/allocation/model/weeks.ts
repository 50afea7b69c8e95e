import { type Measures, restated } from '../../ad-metrics/model.ts'
import type { Subject } from '../../rules/model/subject.ts'
import { SETTLED_AFTER_US } from '../../signals/campaigns/model.ts'
import { takeCurrency } from '../../subjects/model.ts'
import { MOST_WEEKS } from './history.ts'

const FIGURES = ['spend', 'revenue', 'conversions'] as const
type Figure = (typeof FIGURES)[number]

/** Sums of a campaign's week: money in micros, conversions in millionths. */
export interface WeekSums {
  readonly sums: Record<Figure, number | null>
  /** Rows that lack the figure: the sum of the others is not that of all. */
  readonly gaps: Record<Figure, number>
  /** Changes of its budget, and those of them that the platform, a rule or a program made. */
  changes: number
  followed: number
}

/** What is known of a campaign week by week. Plain JSON; bounded by `KEPT_WEEKS`. */
export interface CampaignWeeks {
  subject: Subject | null
  name: string | null
  status: string | null
  budget_micros: number | null
  budget_kind: string | null
  currency: string | null
  isMixed: boolean
  /** When its platform said how it stands, UTC microseconds. */
  standsAt: number
  weeks: Record<string, WeekSums>
  /** Latest time that a record or tick told of, UTC microseconds. */
  now: number
  /** Number of the hour in which its weeks were handed on last. */
  told: number
}

export const noWeeks = (): CampaignWeeks => ({
  subject: null,
  name: null,
  status: null,
  budget_micros: null,
  budget_kind: null,
  currency: null,
  isMixed: false,
  standsAt: 0,
  weeks: {},
  now: 0,
  told: 0,
})

/** Weeks of history, the two or so that are not settled, and one that may still be added to. */
export const KEPT_WEEKS = MOST_WEEKS + 4
const DAY_US = 86_400_000_000
const DAYS = 7
/** 1970-01-01 was a Thursday, three days after its Monday. */
const THURSDAY = 3

/** Number of the week a day is in: from Monday to Sunday, counted from 1970. */
export const weekOf = (date: string): number => weekAt(Date.parse(`${date}T00:00:00Z`) * 1000)
const weekAt = (at: number): number => Math.floor((Math.floor(at / DAY_US) + THURSDAY) / DAYS)

/** The Sunday of a week. */
export const lastDayOf = (week: number): string =>
  new Date((week * DAYS - THURSDAY + DAYS - 1) * 86_400_000).toISOString().slice(0, 10)

/** The last week of which every day is settled, wherever the account is. */
export const lastSettledWeek = (now: number): number => weekAt(now - SETTLED_AFTER_US - (DAYS - 1) * DAY_US)

/** The week of the sums, made empty where there was none; null: it is too old to be kept. */
function entryOf(state: CampaignWeeks, week: number): WeekSums | null {
  if (week <= weekAt(state.now) - KEPT_WEEKS) return null
  const known = state.weeks[week]
  if (known) return known
  const empty: WeekSums = {
    sums: { spend: null, revenue: null, conversions: null },
    gaps: { spend: 0, revenue: 0, conversions: 0 },
    changes: 0,
    followed: 0,
  }
  state.weeks[week] = empty
  return empty
}

/** Takes in what changed of an ad's day, in place. */
export function takeFigures(
  state: CampaignWeeks,
  date: string,
  before: Readonly<Measures> | null,
  after: Readonly<Measures>,
): void {
  takeCurrency(state, after.currency)
  const entry = entryOf(state, weekOf(date))
  if (entry === null) return
  for (const figure of FIGURES) {
    const column = `${figure}_micros` as const
    entry.sums[figure] = restated(entry.sums[figure], before?.[column], after[column])
    entry.gaps[figure] +=
      (after[column] === null ? 1 : 0) - (before !== null && before[column] === null ? 1 : 0)
  }
}

/** Takes in that a budget was changed, in place. @param isFollowing by the platform, a rule or a program */
export function takeChange(state: CampaignWeeks, at: number, isFollowing: boolean): void {
  const entry = entryOf(state, weekAt(at))
  if (entry === null) return
  entry.changes++
  if (isFollowing) entry.followed++
}

/** Forgets weeks that no history reaches back to, in place. */
export function forgetWeeks(state: CampaignWeeks): void {
  const oldest = weekAt(state.now) - KEPT_WEEKS
  for (const week of Object.keys(state.weeks)) if (Number(week) <= oldest) delete state.weeks[week]
}

/** Whether it has spent in the last two settled weeks or since. */
export const isLive = ({ weeks, now }: CampaignWeeks): boolean =>
  Object.entries(weeks).some(
    ([week, { sums }]) => Number(week) >= lastSettledWeek(now) - 1 && (sums.spend ?? 0) > 0,
  )
