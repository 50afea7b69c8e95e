import { addDays, daysBetween, earlier, later } from '../../engine/clock/days.ts'
import { type Prepared, periodTotal, prepare, sumAhead, type Wander } from './model/month-end/month-end.ts'
import { measuredCoverage, type OwnPast, remember, settle, widthFor } from './model/month-end/own-past.ts'
import { ratioAhead } from './model/month-end/ratio.ts'
import { type Reason, WINDOW_DAYS } from './model/month-end/window.ts'
import type { MetricName, Ratio } from './series/metrics.ts'
import { lastOf, type Series, sinceOf, sumOf, valuesOf } from './series/model.ts'

/** A total, or a quotient of totals, at the end of a period, as it was known after a day. */
export interface Outlook {
  readonly mean: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly provisional: boolean
  readonly reason: Reason | 'NOT_POSITIVE' | null
  /** Of the closed days of the period; null: one of them is not known. */
  readonly soFar: number | null
  /** The first day that counts: that of the period, or the first that is known. */
  readonly countedFrom: string
  /** Days ahead. */
  readonly h: number
  /** g: how much wider than the recipe its own past makes it. */
  readonly width: number
  /** Share of its own intervals that held, and of how many; null: fewer than 60. */
  readonly coverage: number | null
  readonly settled: number
}

export interface Period {
  readonly start: string
  readonly end: string
}

/**
 * How far the level may wander in what is shown: as measured. As the recipe has it, 95 % intervals held .97 to 1.00 of the
 * time from a week ahead where a level stays (bench/README.md, forecasts).
 */
export const SHOWN_WANDER: Wander = 'MEASURED'
/** Twice the recipe's: a series has months to learn how wide its intervals must be, not years. */
export const SHOWN_RATE = 0.02

type Closed = Readonly<Record<string, string>>

/** The window of a metric up to a day, ready to be asked. */
export const preparedAt = (series: Readonly<Series>, name: MetricName, last: string): Prepared | Reason =>
  prepare(valuesOf(series, name, addDays(last, 1 - WINDOW_DAYS), last))

/** The last day of which both sides of a ratio are closed; '': none. */
export function lastOfRatio(closed: Closed, { over, under }: Ratio): string {
  const [a, b] = [lastOf(closed, over), lastOf(closed, under)]
  return a === '' || b === '' ? '' : earlier(a, b)
}

/** What is shown beside a forecast of h days: of the next longer horizon that is kept, or the longest. */
function shownBeside(past: OwnPast, h: number): Pick<Outlook, 'coverage' | 'settled'> {
  const all = measuredCoverage(past)
  const { inside, n } = all.find(one => one.h >= h) ?? all.at(-1)!
  return { coverage: inside, settled: n }
}

/** Totals of periods, of which some days have closed: the last of them, before their ends, is `last`. */
export function totalsOf(
  series: Readonly<Series>,
  name: MetricName,
  last: string,
  past: OwnPast,
  wander = SHOWN_WANDER,
): (period: Period) => Outlook {
  const prepared = preparedAt(series, name, last)
  return ({ start, end }) => {
    const h = daysBetween(last, end)
    const countedFrom = later(start, sinceOf(series, name))
    const soFar = sumOf(valuesOf(series, name, countedFrom, last))
    const width = widthFor(past, h)
    const { mean, lower, upper, provisional, reason } = periodTotal(
      soFar,
      sumAhead(prepared, h, { g: width, wander }),
    )
    return {
      ...{ mean, lower, upper, provisional, reason, soFar, countedFrom, h, width },
      ...shownBeside(past, h),
    }
  }
}

/** The same of a quotient of two metrics. */
export function ratiosOf(
  series: Readonly<Series>,
  ratio: Ratio,
  last: string,
  past: OwnPast,
): (period: Period) => Outlook {
  const [over, under] = [preparedAt(series, ratio.over, last), preparedAt(series, ratio.under, last)]
  const days = (p: Prepared | Reason) => (typeof p === 'string' ? 0 : p.window.y.length)
  return ({ start, end }) => {
    const h = daysBetween(last, end)
    const countedFrom = later(start, later(sinceOf(series, ratio.over), sinceOf(series, ratio.under)))
    const [a, b] = [ratio.over, ratio.under].map(name => sumOf(valuesOf(series, name, countedFrom, last)))
    const width = widthFor(past, h)
    const isKnown = a !== null && b !== null
    const { mean, lower, upper, reason } = isKnown
      ? ratioAhead({ soFar: a!, series: over }, { soFar: b!, series: under }, h, { g: width })
      : { mean: null, lower: null, upper: null, reason: 'MISSING_DAYS' as const }
    return {
      ...{ mean, lower, upper, reason, countedFrom, h, width, ...shownBeside(past, h) },
      provisional: lower !== null && Math.min(days(over), days(under)) < WINDOW_DAYS,
      soFar: isKnown && b! > 0 ? a! / b! : null,
    }
  }
}

export interface Since {
  /** The last day that was closed before; '': none. */
  readonly before: string
  readonly last: string
}

/** Settles and keeps a metric's own intervals, a day at a time, for the days that have closed since. */
export function followed(
  series: Readonly<Series>,
  name: MetricName,
  range: Since,
  past: OwnPast,
  wander = SHOWN_WANDER,
): OwnPast {
  const first = sinceOf(series, name)
  if (first === '' || range.last < first) return past
  const since = firstNeeded(first, range)
  const days = valuesOf(series, name, since, range.last)
  return eachDay(
    since,
    range,
    past,
    (n, h) => sumBefore(days, n, h),
    (n, g) => {
      const prepared = prepare(windowBefore(days, n))
      return h => sumAhead(prepared, h, { g: g(h), wander })
    },
  )
}

/** The same of a quotient. */
export function followedRatio(
  series: Readonly<Series>,
  { over, under }: Ratio,
  range: Since,
  past: OwnPast,
): OwnPast {
  const [a, b] = [sinceOf(series, over), sinceOf(series, under)]
  if (a === '' || b === '' || range.last < later(a, b)) return past
  const since = firstNeeded(later(a, b), range)
  const [num, den] = [valuesOf(series, over, since, range.last), valuesOf(series, under, since, range.last)]
  return eachDay(
    since,
    range,
    past,
    (n, h) => {
      const [x, y] = [sumBefore(num, n, h), sumBefore(den, n, h)]
      return x === null || y === null || !(y > 0) ? null : x / y
    },
    (n, g) => {
      const side = (days: readonly (number | null)[]) => ({
        soFar: 0,
        series: prepare(windowBefore(days, n)),
      })
      const [over, under] = [side(num), side(den)]
      return h => ratioAhead(over, under, h, { g: g(h) })
    },
  )
}

/** The first day that windows which end after `before` look at. */
const firstNeeded = (first: string, { before }: Since): string =>
  before < first ? first : later(first, addDays(before, 1 - WINDOW_DAYS))

type Interval = { readonly lower: number | null; readonly upper: number | null }

/**
 * @param came what the last h of the first n days came to; null: not known
 * @param shown the interval of the next h days as it is shown after the first n, by the g of a horizon
 */
function eachDay(
  since: string,
  { before, last }: Since,
  past: OwnPast,
  came: (n: number, h: number) => number | null,
  shown: (n: number, g: (h: number) => number) => (h: number) => Interval,
): OwnPast {
  let kept = past
  for (let day = before < since ? since : addDays(before, 1); day <= last; day = addDays(day, 1)) {
    const n = daysBetween(since, day) + 1
    const number = daysBetween('1970-01-01', day)
    kept = settle(kept, number, h => came(n, h), { rate: SHOWN_RATE })
    const settled = kept
    const interval = shown(n, h => widthFor(settled, h))
    kept = remember(kept, number, h => {
      const { lower, upper } = interval(h)
      return lower === null || upper === null ? null : { lower, upper }
    })
  }
  return kept
}

const windowBefore = (days: readonly (number | null)[], n: number) =>
  days.slice(Math.max(0, n - WINDOW_DAYS), n)
const sumBefore = (days: readonly (number | null)[], n: number, h: number): number | null =>
  h > n ? null : sumOf(days.slice(n - h, n))
