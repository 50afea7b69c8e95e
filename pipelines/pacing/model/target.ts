import { daysBetween, isDay } from '../../../engine/clock/days.ts'
import { StratumError } from '../../../engine/errors.ts'

export const TARGET_METRICS = ['SPEND', 'REVENUE', 'ROAS', 'CONVERSIONS', 'LEADS', 'CPA'] as const
export type TargetMetric = (typeof TARGET_METRICS)[number]

const IN_CENTS: ReadonlySet<TargetMetric> = new Set(['SPEND', 'REVENUE', 'CPA'])
/**
 * Of a series 400 days are kept (`forecast/series`): the first day of a longer target would be gone before its last one has
 * closed and been looked at.
 */
export const MOST_DAYS = 366
/** Days from its end on in which a target is looked at: its last days may be restated. */
export const LOOKED_AT_DAYS = 35
/** Tables know no other days. */
const [FIRST_DAY, LAST_DAY] = ['1970-01-01', '2149-06-06']

/** Measured by a quotient; the others add up. */
export const isRatio = (metric: TargetMetric): boolean => metric === 'ROAS' || metric === 'CPA'

export interface Target {
  readonly metric: TargetMetric
  /** SPEND, REVENUE, CPA: minor units of the currency, whole. Else a number. */
  readonly value: number
  /** Both inside, in the zone of the account. */
  readonly start: string
  readonly end: string
  /** Per cent: of SPEND what is consumed before its time, of goals what is attained. */
  readonly warningPct: number
  readonly criticalPct: number
}

/** A target as it is sent. */
export interface TargetRequest {
  readonly metric_type: string
  readonly target_value_cents?: number | null
  readonly target_value?: number | null
  readonly start_date: string
  readonly end_date: string
  readonly warning_threshold_pct?: number | null
  readonly critical_threshold_pct?: number | null
}

/** @throws StratumError RECORD_INVALID: says which field, and what it has to be */
export function targetOf(given: TargetRequest): Target {
  const refuse = (why: string) => new StratumError('RECORD_INVALID', `target: ${why}`)
  const metric = TARGET_METRICS.find(known => known === given.metric_type)
  if (metric === undefined)
    throw refuse(`metric_type must be one of ${TARGET_METRICS.join(', ')}, got ${given.metric_type}`)
  const value = amountOf(metric, given, refuse)
  const { start_date: start, end_date: end } = given
  for (const [name, day] of Object.entries({ start_date: start, end_date: end }))
    if (!isDay(day) || day < FIRST_DAY || day > LAST_DAY)
      throw refuse(`${name} must be a day from ${FIRST_DAY} to ${LAST_DAY}, as 2026-01-31, got ${day}`)
  if (start > end) throw refuse(`start_date ${start} is after end_date ${end}: both days are inside`)
  const days = daysBetween(start, end) + 1
  if (days > MOST_DAYS)
    throw refuse(
      `end_date ${end} is too far from start_date ${start}: a target has at most ${MOST_DAYS} days, got ${days}`,
    )
  const isSpend = metric === 'SPEND'
  const warningPct = given.warning_threshold_pct ?? (isSpend ? 80 : 95)
  const criticalPct = given.critical_threshold_pct ?? (isSpend ? 95 : 80)
  for (const pct of [warningPct, criticalPct])
    if (!(pct > 0 && pct <= 200)) throw refuse(`a threshold is above 0 and at most 200 per cent, got ${pct}`)
  if (isSpend ? warningPct >= criticalPct : warningPct <= criticalPct)
    throw refuse(
      isSpend
        ? `of SPEND the warning comes before the critical threshold, got ${warningPct} and ${criticalPct}`
        : `of ${metric} the warning is above the critical threshold (what is attained), got ${warningPct} and ${criticalPct}`,
    )
  return { metric, value, start, end, warningPct, criticalPct }
}

function amountOf(metric: TargetMetric, given: TargetRequest, refuse: (why: string) => Error): number {
  const { target_value_cents: cents = null, target_value: plain = null } = given
  const [name, other] = IN_CENTS.has(metric)
    ? ['target_value_cents', 'target_value']
    : ['target_value', 'target_value_cents']
  const [value, odd] = IN_CENTS.has(metric) ? [cents, plain] : [plain, cents]
  if (odd !== null) throw refuse(`${metric} has ${name}, not ${other}`)
  if (value === null) throw refuse(`${metric} needs ${name}`)
  if (!(value > 0) || !Number.isFinite(value)) throw refuse(`${name} must be above 0, got ${value}`)
  if (IN_CENTS.has(metric) && !Number.isSafeInteger(value))
    throw refuse(`${name} must be a whole number of minor units, got ${value}`)
  return value
}

export const daysOf = ({ start, end }: Target): number => daysBetween(start, end) + 1
