import { type Measures, restated } from '../../ad-metrics/model.ts'
import { detectorOf } from '../../anomaly/model/detectors.ts'
import { weekdayOf } from '../../anomaly/model/series-time.ts'
import type { Watched } from '../../trust/model/anomaly.ts'
import { entry } from '../model/entry.ts'
import { atTick, isRead, newRow, noReading, type Reading } from '../model/reading.ts'
import { type Fed, feed, type SeriesByName } from '../model/series.ts'

/** Sums of one campaign's day; money is micros, conversions are millionths, null where no row has them. */
interface Day {
  spend: number | null
  conversions: number | null
  revenue: number | null
  /** Its spend was closed. */
  isSpent: boolean
}

export interface Campaign {
  /** Days that are not closed. */
  days: Record<string, Day>
  series: SeriesByName
  /** The last day of which all is closed; '': none. */
  closed: string
  reading: Reading
}

export const noCampaign = (): Campaign => ({ days: {}, series: {}, closed: '', reading: noReading() })

const HOUR_US = 3_600_000_000
/** A day is over everywhere so long after it began in UTC. */
const OVER_AFTER_US = 36 * HOUR_US
/** And reported. */
const SPENT_AFTER_US = 48 * HOUR_US
/** What conversions it has is settled three days after that. */
export const SETTLED_AFTER_US = 120 * HOUR_US
const DAYS_A_WEEK = 7

const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) * 1000

/** Takes in what changed of an ad's day, in place. What comes for a day that is closed changes no score any more. */
export function takeDay(
  campaign: Campaign,
  date: string,
  asOf: number,
  before: Readonly<Measures> | null,
  after: Readonly<Measures>,
): void {
  if (date <= campaign.closed) return
  if (before === null && startOf(date) + OVER_AFTER_US <= asOf) newRow(campaign.reading, date)
  const day = entry<Day>(campaign.days, date, () => ({
    spend: null,
    conversions: null,
    revenue: null,
    isSpent: false,
  }))
  day.spend = restated(day.spend, before?.spend_micros, after.spend_micros)
  day.conversions = restated(day.conversions, before?.conversions_micros, after.conversions_micros)
  day.revenue = restated(day.revenue, before?.revenue_micros, after.revenue_micros)
}

/** Gives the days that are over to their detectors, in place. Days on which the campaign did not run are no zeros. */
export function closeDays(campaign: Campaign, now: number): Fed[] {
  atTick(campaign.reading, now)
  const fed: Fed[] = []
  for (const date of Object.keys(campaign.days).sort()) {
    if (!isRead(campaign.reading, date)) break
    const day = campaign.days[date]!
    const at = startOf(date)
    const bin = weekdayOf(date)
    const give = (metric: Watched, value: number | null) =>
      fed.push(feed(campaign.series, metric, detectorOf('record'), DAYS_A_WEEK, { at, bin, value }))
    const { spend, conversions, revenue } = day
    if (!day.isSpent && now >= at + SPENT_AFTER_US) {
      give('spend', spend === null ? null : spend / 1e6)
      day.isSpent = true
    }
    if (now < at + SETTLED_AFTER_US) continue
    give('conversions', conversions === null ? null : conversions / 1e6)
    give('cpa', spend !== null && conversions ? spend / conversions : null)
    give('roas', spend && revenue !== null ? revenue / spend : null)
    campaign.closed = date
    delete campaign.days[date]
  }
  return fed
}
