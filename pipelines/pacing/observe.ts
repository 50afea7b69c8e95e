import { addDays, daysBetween, earlier, later, todayIn } from '../../engine/clock/days.ts'
import { minorDigits } from '../../engine/currency.ts'
import { weekdayOf } from '../anomaly/model/series-time.ts'
import type { SeriesForecast } from '../forecast/handed.ts'
import { sumAhead } from '../forecast/model/month-end/month-end.ts'
import { noPast, widthFor } from '../forecast/model/month-end/own-past.ts'
import {
  lastOfRatio,
  type Outlook,
  preparedAt,
  ratiosOf,
  SHOWN_WANDER,
  totalsOf,
} from '../forecast/outlook.ts'
import { type MetricName, metricOf, RATIOS, type Ratio } from '../forecast/series/metrics.ts'
import { lastOf, type Series, sinceOf, sumOf, valuesOf } from '../forecast/series/model.ts'
import type { Around } from './model/alerts/conditions.ts'
import { elapsed, shareOfDay, WEIGHED_DAYS, type Weekdays, weekdaysOf } from './model/elapsed.ts'
import { neededRatio, type Observed, phaseOf } from './model/status.ts'
import { sumsAhead, surplus, withOpen } from './model/sums.ts'
import type { Target } from './model/target.ts'
import type { NamedTarget } from './settings/check.ts'

/** What is known of a target now. */
export interface Seen {
  readonly observed: Observed
  readonly around: Around
  /** The day a row is of: today, or the last of the target. */
  readonly date: string
  /** The last day that is closed for it; '': none. */
  readonly closed: string
  readonly metric: string
  readonly currency: string | null
  /** Total at its end, in units; null: it cannot be asked yet, or nothing is to come. */
  readonly outlook: Outlook | null
}

const HOUR_US = 3_600_000_000
const USUAL_DAYS = 28
const NOTHING = { mean: null, lower: null, upper: null } as const

const sumNames = { SPEND: 'spend', CONVERSIONS: 'conversions', LEADS: 'leads' } as const

/** @param now UTC microseconds */
export function observe({ target, scope }: NamedTarget, seen: SeriesForecast, now: number): Seen {
  const isWhole = scope.level === 'tenant'
  if (target.metric === 'ROAS' || target.metric === 'CPA') {
    const name = target.metric === 'CPA' ? 'cpa' : isWhole ? 'roas' : 'platform_roas'
    return ofRatio(target, RATIOS.find(ratio => ratio.name === name)!, seen, now)
  }
  const name =
    target.metric === 'REVENUE' ? (isWhole ? 'revenue' : 'platform_revenue') : sumNames[target.metric]
  return ofSum(target, name, seen, now)
}

/** Minor units to one of its currency. */
const minorOf = (series: Readonly<Series>, isMoney: boolean): number =>
  isMoney ? 10 ** (series.currency === null ? 2 : minorDigits(series.currency)) : 1

const ageOf = (series: Readonly<Series>, names: readonly MetricName[], now: number): number | null => {
  const heard = names.map(name => series.heard[metricOf(name).group] ?? 0)
  return heard.includes(0) ? null : (now - Math.min(...heard)) / HOUR_US
}

/** Ended when its last day has closed: before, what it came to is not known. */
function phaseAt(target: Target, closed: string, today: string): Observed['phase'] {
  const phase = phaseOf(target, today)
  return phase === 'ENDED' && closed < target.end ? 'ACTIVE' : phase
}

function weekdays(series: Readonly<Series>, name: MetricName, closed: string) {
  if (closed === '') return weekdaysOf([], '2026-01-01')
  const values = valuesOf(series, name, addDays(closed, 1 - WEIGHED_DAYS), closed)
  return weekdaysOf(values.some(x => x === null) ? [] : (values as number[]), closed)
}

const LEAST_WEIGHT = 0.05

/** A closed day against the mean of the seven before it, by what its weekday usually brings: no Sunday is a cliff. */
function dayAgainstWeek(
  series: Readonly<Series>,
  name: MetricName,
  closed: string,
  weights: Weekdays,
): Around['day'] {
  if (closed === '') return null
  const week = sumOf(valuesOf(series, name, addDays(closed, -7), addDays(closed, -1)))
  const [day] = valuesOf(series, name, closed, closed)
  const weight = weights[weekdayOf(closed)]!
  if (week === null || !(week > 0) || day === null || weight < LEAST_WEIGHT) return null
  return { ratio: (7 * day!) / week / weight }
}

/**
 * Days after the last closed one of which something is known: up to today, or to the day before the first of which nothing
 * is, as today just after midnight. What was said of yesterday goes on counting until it closes.
 */
function openDays(series: Readonly<Series>, name: MetricName, closed: string, last: string): number[] {
  const values = valuesOf(series, name, addDays(closed, 1), last)
  const unknown = values.indexOf(null)
  return (unknown === -1 ? values : values.slice(0, unknown)) as number[]
}

function ofSum(target: Target, name: MetricName, { series, pasts }: SeriesForecast, now: number): Seen {
  const { lag, isMoney } = metricOf(name)
  const { start, end } = target
  const minor = minorOf(series, isMoney)
  const today = todayIn(series.zone, now)
  const closed = lastOf(series.closed, name)
  const from = later(start, sinceOf(series, name))
  const isBegun = closed !== '' && closed >= addDays(start, -1)
  // Before the first day that is known there is nothing, and not 0.
  const soFar = isBegun && from <= end ? sumOf(valuesOf(series, name, from, earlier(closed, end))) : null
  const open = isBegun && lag === 0 ? openDays(series, name, closed, earlier(today, end)) : []
  const weights = weekdays(series, name, closed)
  const next = closed === '' ? '' : addDays(closed, open.length + 1)
  const isUpToNow = open.length > 0 && next > today
  const [day, share] = isUpToNow ? [today, shareOfDay(today, series.zone, now)] : [next, 0]
  const e = day === '' ? 0 : elapsed(target, weights, day, share)
  const actual = soFar === null ? null : open.reduce((sum, x) => sum + x, soFar)
  const past = pasts[name] ?? noPast()
  const isToCome = isBegun && closed < end
  const outlook = isToCome ? totalsOf(series, name, closed, past)({ start, end }) : null
  const prepared = isToCome ? preparedAt(series, name, closed) : 'NOTHING_TO_COME'
  const more = surplus(sumsAhead(prepared, open.length), open)
  const least = (x: number | null) => (x === null || actual === null ? x : Math.max(x + more, actual))
  const total = isToCome
    ? { mean: least(outlook!.mean), lower: least(outlook!.lower), upper: least(outlook!.upper) }
    : { mean: actual, lower: actual, upper: actual }
  const inMinor = (x: number | null) => (x === null ? null : x * minor)
  return {
    observed: {
      phase: phaseAt(target, closed, today),
      e,
      dataAgeHours: ageOf(series, [name], now),
      isMixed: isMoney && series.isMixed,
      actual: inMinor(actual),
      projected: { mean: inMinor(total.mean), lower: inMinor(total.lower), upper: inMinor(total.upper) },
    },
    around: {
      e,
      roas7: null,
      sixHours: null,
      day: dayAgainstWeek(series, name, closed, weights),
      spend:
        target.metric === 'SPEND' && soFar !== null
          ? { actual: actual! * minor, closed: soFar * minor, sums: sumsToCome() }
          : null,
    },
    date: earlier(today, end),
    closed,
    metric: name,
    currency: isMoney ? series.currency : null,
    outlook,
  }

  function sumsToCome() {
    if (!isToCome) return []
    const optionsOf = (h: number) => ({ g: widthFor(past, h), wander: SHOWN_WANDER })
    const sums = sumsAhead(prepared, daysBetween(closed, end), optionsOf)
    return withOpen(sums, open).map(({ mean, lower }) => ({ mean: inMinor(mean), lower: inMinor(lower) }))
  }
}

/** Of days that have closed on both sides. */
function ofRatio(target: Target, ratio: Ratio, { series, pasts, scope }: SeriesForecast, now: number): Seen {
  const { start, end, value } = target
  const minor = target.metric === 'CPA' ? minorOf(series, true) : 1
  const today = todayIn(series.zone, now)
  const closed = lastOfRatio(series.closed, ratio)
  const names = [ratio.over, ratio.under] as const
  const from = later(start, later(sinceOf(series, ratio.over), sinceOf(series, ratio.under)))
  const isBegun = closed !== '' && closed >= start
  const upTo = earlier(closed, end)
  const [over, under] = names.map(name => (isBegun ? sumOf(valuesOf(series, name, from, upTo)) : null))
  const e = closed === '' ? 0 : elapsed(target, weekdays(series, 'spend', closed), addDays(closed, 1), 0)
  const isToCome = isBegun && closed < end
  const outlook = isToCome
    ? ratiosOf(series, ratio, closed, pasts[ratio.name] ?? noPast())({ start, end })
    : null
  const actual = quotientOf(over!, under!)
  const inMinor = (x: number | null) => (x === null ? null : x * minor)
  const total = outlook ?? (isBegun ? { mean: actual, lower: actual, upper: actual } : NOTHING)
  const rest = isToCome
    ? sumAhead(preparedAt(series, ratio.under, closed), daysBetween(closed, end)).mean
    : null
  const usual = closed === '' ? null : ratioOver(series, ratio, closed, USUAL_DAYS)
  const needed = over === null || under === null ? null : neededRatio(value / minor, over!, under!, rest)
  return {
    observed: {
      phase: phaseAt(target, closed, today),
      e,
      dataAgeHours: ageOf(series, names, now),
      isMixed: series.isMixed && names.some(name => metricOf(name).isMoney),
      actual: inMinor(actual),
      projected: { mean: inMinor(total.mean), lower: inMinor(total.lower), upper: inMinor(total.upper) },
      needed,
      usual,
    },
    around: {
      e,
      roas7: target.metric === 'ROAS' ? lastWeek(series, ratio, scope.level === 'tenant') : null,
      ...{ sixHours: null, day: null, spend: null },
    },
    date: earlier(today, end),
    closed,
    metric: ratio.name,
    currency: target.metric === 'CPA' ? series.currency : null,
    outlook,
  }
}

const quotientOf = (a: number | null, b: number | null): number | null =>
  a === null || b === null || !(b > 0) ? null : a / b

function ratioOver(series: Readonly<Series>, { over, under }: Ratio, last: string, days: number) {
  const of = (name: MetricName) => sumOf(valuesOf(series, name, addDays(last, 1 - days), last))
  return quotientOf(of(over), of(under))
}

/** The last seven days that are settled, with the conversions they had. */
function lastWeek(series: Readonly<Series>, ratio: Ratio, isWhole: boolean): Around['roas7'] {
  const counted = isWhole ? 'purchases' : 'conversions'
  const last = earlier(lastOfRatio(series.closed, ratio), lastOf(series.closed, counted))
  if (last === '') return null
  const conversions = sumOf(valuesOf(series, counted, addDays(last, -6), last))
  return conversions === null ? null : { roas: ratioOver(series, ratio, last, 7), conversions }
}
