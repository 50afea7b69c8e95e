import { addDays } from '../../../engine/clock/days.ts'
import type { Measures } from '../../ad-metrics/model.ts'
import { entry } from './entry.ts'

/**
 * A day of one platform in its account's zone: what it reports, and what the analytics source saw come by it. A list,
 * since a state holds a hundred of them: places as in `PLACES`. Money is micros, conversions are millionths.
 */
type Day = number[]
const PLACES = {
  /** Rows the platform has reported, and those of them whose conversions and revenue are known. */
  rows: 0,
  conversionRows: 1,
  revenueRows: 2,
  spend: 3,
  conversions: 4,
  revenue: 5,
  /** Of the analytics source; purchases without an amount add nothing to their worth. */
  purchases: 6,
  worth: 7,
} as const

/** The last days by date. Money is of one currency, or it is not added at all. */
export interface Days {
  days: Record<string, Day>
  newest: string
  /** Of the platform's reports, and of the analytics source; null: none yet. */
  currency: string | null
  analyticsCurrency: string | null
  /** Amounts of several currencies have come: their sum says nothing. */
  isMixed: boolean
}

/** Fourteen weeks: a first reading brings a quarter's history at once, and detectors need it all. */
export const KEPT_DAYS = 98

export const noDays = (): Days => ({
  days: {},
  newest: '',
  currency: null,
  analyticsCurrency: null,
  isMixed: false,
})

/** Takes in what changed of an ad's day, in place; false: the day is older than those that are kept. */
export function restateDay(
  days: Days,
  date: string,
  before: Readonly<Measures> | null,
  after: Readonly<Measures>,
): boolean {
  const day = dayAt(days, date)
  if (day === null) return false
  if (days.currency !== null && days.currency !== after.currency) days.isMixed = true
  days.currency = after.currency
  if (before === null) day[PLACES.rows]!++
  day[PLACES.conversionRows]! += known(after.conversions_micros) - known(before?.conversions_micros)
  day[PLACES.revenueRows]! += known(after.revenue_micros) - known(before?.revenue_micros)
  day[PLACES.spend]! += (after.spend_micros ?? 0) - (before?.spend_micros ?? 0)
  day[PLACES.conversions]! += (after.conversions_micros ?? 0) - (before?.conversions_micros ?? 0)
  day[PLACES.revenue]! += (after.revenue_micros ?? 0) - (before?.revenue_micros ?? 0)
  return true
}

/** Adds purchases of the analytics source, in place. */
export function addPurchases(
  days: Days,
  date: string,
  currency: string | null,
  purchases: number,
  micros: number,
): void {
  const day = dayAt(days, date)
  if (day === null) return
  if (currency !== null) {
    if (days.analyticsCurrency !== null && days.analyticsCurrency !== currency) days.isMixed = true
    days.analyticsCurrency = currency
  }
  day[PLACES.purchases]! += purchases
  day[PLACES.worth]! += micros
}

const known = (value: number | null | undefined): number => (value === null || value === undefined ? 0 : 1)

function dayAt(days: Days, date: string): Day | null {
  if (date > days.newest) {
    days.newest = date
    const oldest = addDays(date, 1 - KEPT_DAYS)
    for (const other of Object.keys(days.days)) if (other < oldest) delete days.days[other]
  } else if (!(date in days.days) && date < addDays(days.newest, 1 - KEPT_DAYS)) return null
  return entry(days.days, date, () => new Array(8).fill(0) as Day)
}

/** Sums over days; a figure that no row has is null. Money is micros. */
export interface Period {
  readonly spend: number | null
  readonly conversions: number | null
  readonly revenue: number | null
  /** Of the analytics source. */
  readonly purchases: number
  readonly worth: number
}

/** The days up to one of them, oldest first; undefined: nothing is known of it. */
export function daysTo(days: Readonly<Days>, last: string, length: number): readonly (Day | undefined)[] {
  return Array.from({ length }, (_, i) => days.days[addDays(last, i - length + 1)])
}

/** The days up to one of them, so many. */
export const periodTo = (days: Readonly<Days>, last: string, length: number): Period =>
  periodOf(days, daysTo(days, last, length))

/** All there are. */
export const wholePeriod = (days: Readonly<Days>): Period => periodOf(days, Object.values(days.days))

export function periodOf(
  { isMixed, currency, analyticsCurrency }: Readonly<Days>,
  list: readonly (Day | undefined)[],
): Period {
  const sum: Day = new Array(8).fill(0) as Day
  for (const day of list) if (day) for (let place = 0; place < sum.length; place++) sum[place]! += day[place]!
  const isOneCurrency =
    !isMixed && (currency === null || analyticsCurrency === null || currency === analyticsCurrency)
  return {
    spend: sum[PLACES.rows]! > 0 && !isMixed ? sum[PLACES.spend]! : null,
    conversions: sum[PLACES.conversionRows]! > 0 ? sum[PLACES.conversions]! / 1e6 : null,
    revenue: sum[PLACES.revenueRows]! > 0 && isOneCurrency ? sum[PLACES.revenue]! : null,
    purchases: sum[PLACES.purchases]!,
    worth: sum[PLACES.worth]!,
  }
}
