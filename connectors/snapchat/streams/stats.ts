import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { addDays, type DaySlice, dayIn, startOfDay, withOffset } from '../../../plugins/sync/index.ts'
import type { Account } from '../api/account.ts'
import { isObject, type Json } from '../api/envelope.ts'
import { BadRow, inner, instantOf, millionths, needed, whole } from '../fields.ts'
import { type Settings, windowDays } from '../settings.ts'
import { collect, type Rows } from './rows.ts'

/** Statistics by ad and day (platforms.md §4.2): what is asked, and records of the answer. */

/** Days of a call: 31 local days are under 32 days of 24 hours, also where clocks are set back. */
export const DAYS_OF_A_CALL = 31

const FIELDS = ['impressions', 'swipes', 'spend', 'conversion_purchases', 'conversion_purchases_value']

/** `GET campaigns/{id}/stats`: days begin and end at the account's midnights, whatever clocks did between them. */
export const statsQuery = (settings: Settings, { from, to, zone }: DaySlice): Json => ({
  granularity: 'DAY',
  breakdown: 'ad',
  start_time: withOffset(startOfDay(from, zone), zone),
  end_time: withOffset(startOfDay(addDays(to, 1), zone), zone),
  fields: FIELDS.join(','),
  swipe_up_attribution_window: settings.swipe_up_attribution_window,
  view_attribution_window: settings.view_attribution_window,
  omit_empty: 'true',
})

export interface StatsOf {
  readonly account: Account
  readonly campaign: string
  readonly days: DaySlice
  /** Ad squad by ad. */
  readonly adsets: ReadonlyMap<string, string>
  readonly settings: Settings
  readonly asOf: number
}

/**
 * Records of one `timeseries_stat`:
 * `{id, granularity, finalized_data_end_time, breakdown_stats: {ad: [{id, timeseries: [{start_time, end_time, stats}]}]}}`.
 */
export function reportsOf(stat: Json, of: StatsOf): Rows<AdReportRecord> {
  const rows: Rows<AdReportRecord> = { records: [], rejected: [] }
  const origin = `statistics of campaign ${of.campaign}, ${of.days.from} to ${of.days.to}`
  const finalUntil = instantOf(stat.finalized_data_end_time)
  for (const ad of adsOf(stat, rows, origin)) {
    const series = Array.isArray(ad.timeseries) ? ad.timeseries : [null]
    for (const point of series)
      collect(rows, `${origin}, ad ${ad.id}`, isObject(point) ? point : { ad }, row =>
        reportOf(needed(ad, 'id'), row, finalUntil, of),
      )
  }
  return rows
}

/** Without days that all figures of are 0 there may be no ads, and then no breakdown. */
function adsOf(stat: Json, rows: Rows<AdReportRecord>, origin: string): readonly Json[] {
  const breakdown = isObject(stat.breakdown_stats) ? stat.breakdown_stats.ad : undefined
  if (Array.isArray(breakdown)) return breakdown.map(ad => (isObject(ad) ? ad : { ad }))
  const isEmpty = stat.breakdown_stats === undefined && stat.timeseries === undefined
  if (!isEmpty)
    collect(rows, origin, stat, () => {
      throw new BadRow('breakdown_stats has no list of ads')
    })
  return []
}

function reportOf(adId: string, point: Json, finalUntil: number | null, of: StatsOf): AdReportRecord {
  const { account, campaign, days, adsets, settings, asOf } = of
  const stats = inner(point, 'stats')
  if (stats === null) throw new BadRow('stats is missing')
  const { date, end } = dayOf(point, days)
  const credited = startOfDay(addDays(date, 1 + windowDays(settings)), days.zone)
  return {
    platform: 'snapchat',
    date,
    account_id: account.id,
    campaign_id: campaign,
    adset_id: adsets.get(adId) ?? null,
    ad_id: adId,
    impressions: whole(stats, 'impressions'),
    clicks: whole(stats, 'swipes'),
    spend_micros: whole(stats, 'spend'),
    revenue_micros: whole(stats, 'conversion_purchases_value'),
    currency: account.currency,
    conversions_micros: millionths(stats, 'conversion_purchases'),
    reach: null,
    // Delivery is final by the platform's word; conversions come in for as long as the windows last.
    settled: finalUntil !== null && end <= finalUntil && credited <= asOf,
    as_of: asOf,
  }
}

interface Day {
  readonly date: string
  readonly end: number
}

/** Days of a slice by their midnights: rows by the thousand are of the same few. */
const calendars = new WeakMap<DaySlice, ReadonlyMap<number, Day>>()

function calendarOf(slice: DaySlice): ReadonlyMap<number, Day> {
  let calendar = calendars.get(slice)
  if (!calendar) {
    const days = new Map<number, Day>()
    for (let date = slice.from; date <= slice.to; date = addDays(date, 1))
      days.set(startOfDay(date, slice.zone), { date, end: startOfDay(addDays(date, 1), slice.zone) })
    calendar = days
    calendars.set(slice, calendar)
  }
  return calendar
}

/** @throws BadRow: not a day of the account that was asked for */
function dayOf(point: Json, slice: DaySlice): Day {
  const start = instantOf(point.start_time)
  if (start === null) throw new BadRow(`start_time: ${JSON.stringify(point.start_time)} is no time`)
  const day = calendarOf(slice).get(start)
  if (day) return day
  const { zone, from, to } = slice
  if (startOfDay(dayIn(zone, start), zone) !== start)
    throw new BadRow(`start_time: ${point.start_time} is no midnight in ${zone}`)
  throw new BadRow(`start_time: ${point.start_time} was not asked for (${from} to ${to})`)
}
