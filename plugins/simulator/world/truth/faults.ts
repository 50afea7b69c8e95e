import { addDays } from '../../../sync/days.ts'
import { chance } from '../../random.ts'
import type { AdPlatform } from '../port.ts'
import { boundsOf, dayNumber, SECOND_US } from './calendar.ts'
import type { TruthOptions } from './options.ts'
import type { Person } from './person.ts'

const HOUR_US = 3600 * SECOND_US

/** The platform that reports more orders and revenue than its clicks are followed by. */
export const OVER_CLAIM: { readonly platform: AdPlatform; readonly percent: number } = {
  platform: 'meta',
  percent: 30,
}

/** Platforms credit an order to their last click within so many days before it … */
export const CREDIT_DAYS = 7
/** … and know of it after up to so many more. */
export const CREDIT_LAG_DAYS = 3

/** A time in which the site's tag collected nothing: [from, until), UTC microseconds. */
export interface Outage {
  readonly from: number
  readonly until: number
}

const PERIOD_DAYS = 30

/** One in every 30 days since 1970, for two to six hours, begun between 8 and 17 o'clock. Those that touch the days. */
export function outagesBetween(
  { seed, zone }: Pick<TruthOptions, 'seed' | 'zone'>,
  firstDay: string,
  lastDay: string,
): readonly Outage[] {
  const { from } = boundsOf(firstDay, zone)
  const { until } = boundsOf(lastDay, zone)
  const outages: Outage[] = []
  for (let period = periodOf(firstDay); period <= periodOf(lastDay); period++) {
    const random = chance(seed, 'outage', period)
    const day = addDays('1970-01-01', period * PERIOD_DAYS + random.between(0, PERIOD_DAYS - 1))
    const begins = boundsOf(day, zone).from + random.between(8, 17) * HOUR_US
    outages.push({ from: begins, until: begins + random.between(2, 6) * HOUR_US })
  }
  return outages.filter(outage => outage.until > from && outage.from < until)
}

const periodOf = (day: string) => Math.floor(dayNumber(day) / PERIOD_DAYS)

/** Share of visits whose hits are handed in late, and of orders whose purchase is fired twice. */
export const LATE_SHARE = 0.03
export const TWICE_SHARE = 0.04
/** A hit is there after a minute, or, with its whole visit, up to 40 hours later. UTC microseconds. */
const SOON_US = 60 * SECOND_US
const LATEST_HOURS = 40

/** From a hit of a visit until it is known. */
export function delayOf({ seed }: Pick<TruthOptions, 'seed'>, person: Person, visit: number): number {
  const random = chance(seed, 'late', person.id, visit)
  return random.next() < LATE_SHARE ? random.between(1, LATEST_HOURS) * HOUR_US : SOON_US
}

/** How long after a purchase it is fired again: 50 to 900 ms. Null: it is not. */
export function firedAgainAfter({ seed }: Pick<TruthOptions, 'seed'>, transactionId: string): number | null {
  const random = chance(seed, 'twice', transactionId)
  return random.next() < TWICE_SHARE ? random.between(50, 900) * 1000 : null
}
