import { addDays } from '../../../engine/clock/days.ts'
import {
  METRICS as CATALOGUE,
  MEASURES,
  type Measure,
  type MeasureName,
  type Metric,
} from '../../metrics/catalogue.ts'
import { recorded } from '../../recorded.ts'
import { UNSETTLED_DAYS } from '../../signals/model/platform-state.ts'
import { type Field, sumOver } from './days.ts'
import type { SubjectView } from './subject.ts'

const isOfAds = ({ of, per = of }: Metric): boolean =>
  [of, per].every(name => MEASURES[name].view === 'ad_metrics_daily_current')

const ofAds = Object.fromEntries(CATALOGUE.filter(isOfAds).map(metric => [metric.name, metric]))

/**
 * What a rule can read over days, by the catalogue of metrics. A campaign's revenue is what its platform reports: what
 * the site counted belongs to no campaign. So a rule may leave `platform_` out.
 */
export const METRICS: Readonly<Record<string, Metric>> = {
  ...ofAds,
  revenue: ofAds.platform_revenue!,
  roas: ofAds.platform_roas!,
}

/** What a rule can read of the entity itself, as it stands. */
export const STANDING = ['budget', 'bid', 'budget_at_midnight'] as const

/** What a rule can read of the offer that the best split of a budget makes a campaign (`pipelines/allocation`). */
export const OFFERED = [
  'allocation.proposed_budget',
  'allocation.gain_probability',
  'allocation.evidence',
] as const
const [PROPOSED_BUDGET, GAIN_PROBABILITY] = OFFERED

export const isStanding = (metric: string): boolean => (STANDING as readonly string[]).includes(metric)
export const isOffered = (metric: string): boolean => (OFFERED as readonly string[]).includes(metric)

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

/** Days from its last one to today. */
const ageOf = ({ kind }: Window): number => (kind === 'today' ? 0 : kind === 'settled' ? UNSETTLED_DAYS : 1)

/** First and last day of a window. @param today date in the account's zone */
export function rangeOf(window: Window, today: string): { readonly from: string; readonly to: string } {
  const to = addDays(today, -ageOf(window))
  return { from: addDays(to, 1 - window.days), to }
}

/** A number, and the sums it came from; null: unknown. Amounts are in major units of the account's currency. */
export interface Quantity {
  readonly value: number | null
  readonly numerator: number | null
  readonly denominator: number | null
}

export const UNKNOWN: Quantity = { value: null, numerator: null, denominator: null }

/** What a read comes to for a subject. Sums first, then the quotient; by nothing, or of nothing known: null. */
export function quantityOf(
  { metric, over }: Pick<Read, 'metric' | 'over'>,
  view: SubjectView | null,
): Quantity {
  if (view === null) return UNKNOWN
  if (isOffered(metric)) return offered(metric, view)
  if (over === null) return standing(metric, view)
  const { of, per, times = 1 } = METRICS[metric]!
  const numerator = sumOf(of, view, over)
  if (per === undefined) return { value: numerator, numerator, denominator: null }
  const denominator = sumOf(per, view, over)
  const value =
    numerator === null || denominator === null || denominator === 0
      ? null
      : recorded((numerator / denominator) * times)
  return { value, numerator, denominator }
}

/** Whether a metric is an amount of money: those of two currencies are not compared. */
export const isMoney = (metric: string): boolean =>
  isStanding(metric) ||
  metric === PROPOSED_BUDGET ||
  (!isOffered(metric) && METRICS[metric]!.unit === 'money')

/** How much a curve rests on the campaign's own history, as a number that conditions can compare. */
const EVIDENCE = { PRIOR: 0, SHARED: 1, OWN: 2 } as const

function offered(metric: string, { offer, currency }: SubjectView): Quantity {
  if (offer === undefined || currency === null) return UNKNOWN
  const { budget_micros, gain_probability, evidence } = offer
  const value =
    metric === PROPOSED_BUDGET
      ? budget_micros / 1e6
      : metric === GAIN_PROBABILITY
        ? gain_probability
        : EVIDENCE[evidence]
  return { value: recorded(value), numerator: null, denominator: null }
}

function standing(metric: string, view: SubjectView): Quantity {
  const micros = metric === 'bid' ? view.bid_micros : dailyBudget(metric, view)
  const value = micros === null || view.currency === null ? null : recorded(micros / 1e6)
  return { value, numerator: value, denominator: null }
}

/** What is for a campaign's whole life says nothing of a day. */
const dailyBudget = (metric: string, view: SubjectView): number | null =>
  view.budget_kind === 'lifetime'
    ? null
    : metric === 'budget'
      ? view.budget_micros
      : view.budget_at_midnight_micros

function sumOf(name: MeasureName, view: SubjectView, window: Window): number | null {
  const { column, money }: Measure = MEASURES[name]
  // Money of several currencies is none.
  if (money && view.currency === null) return null
  const field = (name === 'conversions' ? 'conversions_micros' : column) as Field
  const sum = sumOver(view, field, ageOf(window), window.days)
  return sum === null ? null : recorded(field.endsWith('_micros') ? sum / 1e6 : sum)
}
