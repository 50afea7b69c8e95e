import { addDays, dayIn, hourIn, startOfDay } from '../../../engine/clock/days.ts'
import { detectorOf } from '../../anomaly/model/detectors.ts'
import { weekdayOf } from '../../anomaly/model/series-time.ts'
import type { AnomalyInputs, MetricAnomaly, Watched } from '../../trust/model/anomaly.ts'
import { WATCHED } from '../../trust/settings/schema.ts'
import { isAnalytics } from '../events.ts'
import { KEPT_DAYS, periodTo } from './days.ts'
import { type PlatformState, UNSETTLED_DAYS, zoneOf } from './platform-state.ts'
import { atTick, isRead } from './reading.ts'
import { type Fed, feed, furthest, measuredBy, type PlatformSeries } from './series.ts'

const HOUR_US = 3_600_000_000
/** Events of an hour may come so late. */
const LATE_US = 10 * 60_000_000
const HOURS_A_DAY = 24
const KEPT_HOURS = KEPT_DAYS * HOURS_A_DAY
const DAYS_A_WEEK = 7

/** Closes the days and hours that are over at `state.now`, in place: each value goes to its detector once. */
export function close(state: PlatformState): Fed[] {
  const fed: Fed[] = []
  closeHours(state, fed)
  atTick(state.reading, state.now)
  closeDays(state, fed)
  return fed
}

function closeDays(state: PlatformState, fed: Fed[]): void {
  const { series, days } = state
  const zone = zoneOf(state)
  const first = Object.keys(days.days).reduce((a, b) => (a === '' || b < a ? b : a), '')
  if (first === '') return
  const today = dayIn(zone, state.now)
  // A day is whole when the platform has said something of a time after it.
  const told = (date: string) =>
    isRead(state.reading, date) && state.spend >= startOfDay(addDays(date, 1), zone)
  const each = (from: string, before: string, work: (date: string) => void): string => {
    let date = from > first ? from : first
    for (; date < before && told(date); date = addDays(date, 1)) work(date)
    return date
  }
  const give = (metric: Watched, date: string, value: number | null) => {
    const at = startOfDay(date, zone)
    const bin = weekdayOf(date)
    fed.push(feed(series.series, metric, detectorOf('record'), DAYS_A_WEEK, { at, bin, value }))
  }
  series.spendFrom = each(series.spendFrom, today, date => {
    const { spend } = periodTo(days, date, 1)
    give('spend', date, spend === null ? null : spend / 1e6)
  })
  // Conversions only when the platform has settled the day: before, each day would look worse than the last.
  series.conversionsFrom = each(series.conversionsFrom, addDays(today, -UNSETTLED_DAYS), date => {
    const { spend, conversions, revenue } = periodTo(days, date, 1)
    give('conversions', date, conversions)
    give('cpa', date, spend !== null && conversions ? spend / 1e6 / conversions : null)
    give('roas', date, spend && revenue !== null ? revenue / spend : null)
  })
}

function closeHours(state: PlatformState, fed: Fed[]): void {
  const { series, hours } = state.series
  const zone = zoneOf(state)
  for (const [source, counts] of Object.entries(hours)) {
    const told = isAnalytics(source) ? (state.site?.analytics ?? 0) : state.now
    const until = Math.min(state.now - LATE_US, told)
    const last = Math.floor(until / HOUR_US) - 1
    const metric = `conversions.hourly.${source}`
    const known = series[metric]
    const next = known ? Math.round(known.until / HOUR_US) + 1 : Math.min(...Object.keys(counts).map(Number))
    // After a long silence, or of a long history that came at once, only what a detector may need.
    let hour = Math.max(next, last - KEPT_HOURS)
    for (; hour <= last; hour++) {
      const at = hour * HOUR_US
      const bin = hourIn(zone, at)
      fed.push(feed(series, metric, detectorOf('record'), HOURS_A_DAY, { at, bin, value: counts[hour] ?? 0 }))
    }
    for (const key of Object.keys(counts)) if (Number(key) < hour) delete counts[Number(key)]
  }
}

/** What the detectors say of each watched metric now. */
export function anomalies({ series }: Readonly<PlatformSeries>): Omit<AnomalyInputs, 'conversions'> {
  const metrics: Partial<Record<Watched, MetricAnomaly>> = {}
  for (const name in series) {
    const metric = WATCHED.find(watched => name === watched || name.startsWith(`${watched}.`))
    if (metric !== undefined) metrics[metric] = furthest(metrics[metric], measuredBy(series[name]!))
  }
  return { metrics }
}
