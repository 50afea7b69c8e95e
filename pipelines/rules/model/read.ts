import { addDays } from '../../../engine/clock/days.ts'
import { recorded } from '../../recorded.ts'
import type { DayFigures, SubjectView } from './subject.ts'

/** Measures of a day's figures, and how many of what is stored are one of it. */
const MEASURES = {
  spend: ['spend_micros', 1e6],
  revenue: ['revenue_micros', 1e6],
  conversions: ['conversions_micros', 1e6],
  impressions: ['impressions', 1],
  clicks: ['clicks', 1],
  reach: ['reach', 1],
} as const satisfies Record<string, readonly [keyof DayFigures, number]>
type Measure = keyof typeof MEASURES

interface Formula {
  readonly of: Measure
  readonly per?: Measure
  readonly times?: number
}

/**
 * What a rule can read over days. Formulas are those of the catalogue of metrics; revenue and conversions are as the
 * platform reports them.
 */
export const METRICS: Readonly<Record<string, Formula>> = {
  spend: { of: 'spend' },
  revenue: { of: 'revenue' },
  conversions: { of: 'conversions' },
  impressions: { of: 'impressions' },
  clicks: { of: 'clicks' },
  reach: { of: 'reach' },
  roas: { of: 'revenue', per: 'spend' },
  cpa: { of: 'spend', per: 'conversions' },
  ctr: { of: 'clicks', per: 'impressions' },
  cpc: { of: 'spend', per: 'clicks' },
  cpm: { of: 'spend', per: 'impressions', times: 1000 },
  conversion_rate: { of: 'conversions', per: 'clicks' },
  // Of several days: the people of each are added, so it is the least it can have been.
  frequency: { of: 'impressions', per: 'reach' },
}

/** What a rule can read of the entity itself, as it stands. */
export const STANDING = ['budget', 'bid', 'budget_at_midnight'] as const

export const isStanding = (metric: string): boolean => (STANDING as readonly string[]).includes(metric)

/** Days a rule looks back over. */
export interface Window {
  readonly kind: 'settled' | 'complete' | 'today'
  readonly days: number
}

/** One number that a rule reads. */
export interface Read {
  readonly name: string
  readonly metric: string
  /** Null: of the entity as it stands. */
  readonly over: Window | null
  /** Whose: its own, its account's, its platform's. */
  readonly of: 'self' | 'account' | 'platform'
}

/** The last days that platforms may still change. */
const UNSETTLED_DAYS = 3

/** First and last day of a window. @param today date in the account's zone */
export function rangeOf(
  { kind, days }: Window,
  today: string,
): { readonly from: string; readonly to: string } {
  const to = kind === 'today' ? today : addDays(today, kind === 'settled' ? -UNSETTLED_DAYS : -1)
  return { from: addDays(to, 1 - days), to }
}

/** A number, and the sums it came from; null: unknown. Amounts are in major units of the account's currency. */
export interface Quantity {
  readonly value: number | null
  readonly numerator: number | null
  readonly denominator: number | null
}

const UNKNOWN: Quantity = { value: null, numerator: null, denominator: null }

/** What a read comes to for a subject. Sums first, then the quotient; by nothing, or of nothing known: null. */
export function quantityOf(read: Pick<Read, 'metric' | 'over'>, view: SubjectView | null): Quantity {
  if (view === null) return UNKNOWN
  const { metric, over } = read
  if (over === null) return standing(metric, view)
  const { of, per, times = 1 } = METRICS[metric]!
  const range = rangeOf(over, view.today)
  const numerator = sumOf(of, view, range)
  if (per === undefined) return { value: numerator, numerator, denominator: null }
  const denominator = sumOf(per, view, range)
  const value =
    numerator === null || denominator === null || denominator === 0
      ? null
      : recorded((numerator / denominator) * times)
  return { value, numerator, denominator }
}

function standing(metric: string, view: SubjectView): Quantity {
  const micros =
    metric === 'budget'
      ? view.budget_micros
      : metric === 'bid'
        ? view.bid_micros
        : view.budget_at_midnight_micros
  const value = micros === null || view.currency === null ? null : micros / 1e6
  return { value, numerator: value, denominator: null }
}

function sumOf(
  measure: Measure,
  view: SubjectView,
  { from, to }: { from: string; to: string },
): number | null {
  const [field, unit] = MEASURES[measure]
  // Money of several currencies is none.
  if ((measure === 'spend' || measure === 'revenue') && view.currency === null) return null
  let sum: number | null = null
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const value = view.days[day]?.[field]
    if (value != null) sum = (sum ?? 0) + value
  }
  return sum === null ? null : recorded(sum / unit)
}
