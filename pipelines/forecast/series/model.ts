import { addDays, earlier, later, todayIn } from '../../../engine/clock/days.ts'
import { restated } from '../../ad-metrics/model.ts'
import { entry } from '../../signals/model/entry.ts'
import { atTick, newRow, noReading, type Reading } from '../../signals/model/reading.ts'
import { takeCurrency } from '../../subjects/model.ts'
import type { DayChange } from '../handed.ts'
import { type Group, METRICS, type MetricName, metricOf, placeOf } from './metrics.ts'

/** A year and a month: what a year has brought so far, and a window behind it. */
export const KEPT_DAYS = 400
/** A source that has said nothing of a day so long after its end says nothing of it. */
const SILENT_US = 48 * 3_600_000_000
const MOST_SOURCES = 32
/** Days behind the newest that any source of a group has told: one that has told no more is not expected any more. */
export const EXPECTED_DAYS = 14

/** The days of one scope. Plain JSON; the same list of places in every day. */
export interface Series {
  /** Whole micros, millionths, pieces; null: not known. */
  days: Record<string, (number | null)[]>
  /** The last day that has something; '': none. */
  newest: string
  /** The first day of each metric that is known; '': none. */
  since: string[]
  /** Up to which day each source has told everything. */
  told: Record<string, string>
  /** When something of each group was last said, UTC microseconds. */
  heard: Record<string, number>
  /** Up to which day each group of metrics is closed; a metric that is settled later is closed its lag before. */
  closed: Record<string, string>
  reading: Reading
  zone: string
  currency: string | null
  isMixed: boolean
  /** The latest instant that is known, UTC microseconds. */
  now: number
  /** Shown at every tick until then, UTC microseconds. */
  pacedUntil: number
}

export const noSeries = (): Series => ({
  days: {},
  newest: '',
  since: METRICS.map(() => ''),
  told: {},
  heard: {},
  closed: {},
  reading: noReading(),
  zone: 'UTC',
  currency: null,
  isMixed: false,
  now: 0,
  pacedUntil: 0,
})

const groupOf = (source: string): Group => (source === 'site' || source === 'crm' ? source : 'ads')

/** Takes in what changed of a day, in place. */
export function takeDay(series: Series, change: DayChange): void {
  const { date, changes, source, told, zone } = change
  if (zone !== null) series.zone = zone
  takeCurrency(series, change.currency)
  if (told !== '' && (source in series.told || Object.keys(series.told).length < MOST_SOURCES))
    series.told[source] = later(series.told[source] ?? '', told)
  const group = groupOf(source)
  series.heard[group] = Math.max(series.heard[group] ?? 0, change.at)
  if (date === null) return
  if (date < addDays(later(series.newest, date), 1 - KEPT_DAYS)) return
  if (date > series.newest) {
    series.newest = date
    const oldest = addDays(date, 1 - KEPT_DAYS)
    for (const other of Object.keys(series.days)) if (other < oldest) delete series.days[other]
  }
  const day = entry(series.days, date, () => [] as (number | null)[])
  for (const [place, difference] of changes.entries()) {
    day[place] = restated(day[place] ?? null, null, difference)
    if (difference === null) continue
    const since = series.since[place]!
    if (since === '' || date < since) series.since[place] = date
  }
  if (change.isNew) newRow(series.reading, date)
}

/** A source that is not connected any more is not waited for, in place; whether it was one. It is one again when it tells. */
export function leave(series: Series, source: string): boolean {
  const isKnown = source in series.told
  delete series.told[source]
  return isKnown
}

/**
 * Up to which day each source of a group that is expected has told everything. One that is silent for `EXPECTED_DAYS`
 * while others go on has stopped: nobody waits for it, and a sum is without it from its last day on.
 */
function expected(series: Readonly<Series>, group: Group): string[] {
  const told = Object.entries(series.told).flatMap(([source, day]) =>
    groupOf(source) === group ? [day] : [],
  )
  if (told.length < 2) return told
  const stopped = addDays(told.reduce(later), -EXPECTED_DAYS)
  return told.filter(day => day >= stopped)
}

/**
 * Closes what is over at `series.now`, in place: days that every source of a group has told, or is silent about for two
 * days, those that have stopped aside. A day that is still being read is not closed.
 * @returns up to where each group was closed before; null: nothing was closed
 */
export function close(series: Series): Record<string, string> | null {
  const before = { ...series.closed }
  atTick(series.reading, series.now)
  const { fresh, from } = series.reading
  const over = addDays(todayIn(series.zone, series.now), -1)
  const given = addDays(todayIn(series.zone, series.now - SILENT_US), -1)
  const groups: Record<string, string> = {}
  for (const group of new Set(Object.keys(series.told).map(groupOf)))
    groups[group] = expected(series, group).reduce((upTo, told) => earlier(upTo, later(told, given)), over)
  let isClosed = false
  for (const [group, upTo] of Object.entries(groups)) {
    const reading = [fresh, from].filter(date => date !== '').sort()[0]
    const last = group === 'ads' && reading !== undefined ? earlier(upTo, addDays(reading, -1)) : upTo
    if (last <= (series.closed[group] ?? '')) continue
    series.closed[group] = last
    isClosed = true
  }
  return isClosed ? before : null
}

/** The last closed day of a metric, by what is closed of its group; '': none. */
export function lastOf(closed: Readonly<Record<string, string>>, name: MetricName): string {
  const { group, lag } = metricOf(name)
  const day = closed[group] ?? ''
  return day === '' ? '' : addDays(day, -lag)
}

/** The first day of a metric that is known; '': there is none. */
export const sinceOf = (series: Readonly<Series>, name: MetricName): string => series.since[placeOf(name)]!

/**
 * Days of a metric from one to another, in units of money or pieces. A day of which nothing was said is 0 where
 * every source that is expected has told more, and null before the first that is known and after what they have told. A
 * sum of which one of several sources has not told its part is null: of a closed day all of it, of an open one what there
 * is so far. Sums of several currencies are null.
 */
export function valuesOf(
  series: Readonly<Series>,
  name: MetricName,
  from: string,
  to: string,
): (number | null)[] {
  const { group, unit, isMoney } = metricOf(name)
  const place = placeOf(name)
  const since = sinceOf(series, name)
  const isUnknown = since === '' || (isMoney && series.isMixed)
  const sources = expected(series, group)
  const told = sources.length === 0 ? '' : sources.reduce(earlier)
  const closed = series.closed[group] ?? ''
  // Of the day on which it was read a source has told what there is so far.
  const begun = told === '' ? '' : addDays(told, 1)
  const isWhole = (date: string) => sources.length < 2 || date <= (date > closed ? begun : told)
  return datesBetween(from, to).map(date => {
    const value = isUnknown ? null : (series.days[date]?.[place] ?? null)
    if (value !== null) return isWhole(date) ? value / unit : null
    return !isUnknown && date >= since && date <= told ? 0 : null
  })
}

const MOST_KEPT = 500
const keptDates = new Map<string, readonly string[]>()

/** All series of a day ask for the same windows, and a day after another costs more than what is in it. */
function datesBetween(from: string, to: string): readonly string[] {
  const name = `${from} ${to}`
  let dates = keptDates.get(name)
  if (dates === undefined) {
    const all: string[] = []
    for (let date = from; date <= to; date = addDays(date, 1)) all.push(date)
    if (keptDates.size >= MOST_KEPT) keptDates.clear()
    keptDates.set(name, all)
    dates = all
  }
  return dates
}

/** Σ, or null where a day is not known. */
export const sumOf = (values: readonly (number | null)[]): number | null =>
  values.reduce((sum, x) => (sum === null || x === null ? null : sum + x), 0 as number | null)
