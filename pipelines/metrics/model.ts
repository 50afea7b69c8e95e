import { MEASURES, type MeasureName, type Metric } from './catalogue.ts'

/** Sums of measures by currency (`''` where the rows carry none), micros for money. Unknown is null. */
export interface Sums {
  readonly byCurrency: Readonly<Record<string, Partial<Readonly<Record<MeasureName, number | null>>>>>
}

/** A figure: a count, a quotient, or money in micros of `currency`. */
export interface Figure {
  readonly value: number | null
  /** Set for money. */
  readonly currency: string | null
  /** Why there is no figure though there are rows. */
  readonly because?: 'SEVERAL_CURRENCIES'
}

const NOTHING: Figure = { value: null, currency: null }

/** One measure: counts add over currencies, money only where there is one. */
export function total(name: MeasureName, sums: Sums): Figure {
  const parts = Object.entries(sums.byCurrency).flatMap(([currency, row]) => {
    const value = row[name] ?? null
    return value === null ? [] : [{ currency, value }]
  })
  if (parts.length === 0) return NOTHING
  if (!MEASURES[name].money) return { value: parts.reduce((sum, p) => sum + p.value, 0), currency: null }
  // A sum of nothing carries no currency and changes no amount.
  const amounts = parts.filter(p => p.currency !== '' || p.value !== 0)
  if (amounts.length > 1) return { ...NOTHING, because: 'SEVERAL_CURRENCIES' }
  const [only] = amounts.length === 1 ? amounts : parts
  return { value: only!.value, currency: only!.currency === '' ? null : only!.currency }
}

/**
 * A metric of some sums. Sums first, then the quotient; a denominator of 0 or unknown gives null (product.md §4.9).
 * Two amounts are divided only when they are of one currency.
 */
export function figure(metric: Metric, sums: Sums): Figure {
  const of = total(metric.of, sums)
  if (metric.per === undefined) return of
  const per = total(metric.per, sums)
  const because = of.because ?? per.because
  if (because) return { ...NOTHING, because }
  if (of.value === null || per.value === null || per.value === 0) return NOTHING
  if (of.currency && per.currency && of.currency !== per.currency)
    return { ...NOTHING, because: 'SEVERAL_CURRENCIES' }
  const value = (of.value / per.value) * (metric.times ?? 1)
  return { value, currency: metric.unit === 'money' ? of.currency : null }
}

/** Change against a base in per cent; null where either is unknown or the base is 0. */
export function changePct(value: number | null, base: number | null): number | null {
  if (value === null || base === null || base === 0) return null
  return ((value - base) / Math.abs(base)) * 100
}

const DAY_MS = 86_400_000

/** The period of equal length that ends the day before. Days are YYYY-MM-DD, both ends inside. */
export function previousPeriod(from: string, to: string): { from: string; to: string; days: number } {
  const start = Date.parse(`${from}T00:00:00Z`)
  const days = Math.round((Date.parse(`${to}T00:00:00Z`) - start) / DAY_MS) + 1
  return { from: isoDay(start - days * DAY_MS), to: isoDay(start - DAY_MS), days }
}

export const addDays = (day: string, days: number): string =>
  isoDay(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS)

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
