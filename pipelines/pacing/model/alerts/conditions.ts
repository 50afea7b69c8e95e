import { FIRST_SHARE, type Pacing, TOLERANCE } from '../status.ts'
import type { Sum } from '../sums.ts'
import { daysOf, type Target } from '../target.ts'

export const ALERT_TYPES = [
  'UNDERPACING_SPEND',
  'OVERPACING_SPEND',
  'ROAS_BELOW_TARGET',
  'PACING_CLIFF',
  'BUDGET_EXHAUSTION',
] as const
export type AlertType = (typeof ALERT_TYPES)[number]
export type Severity = 'warning' | 'critical'

/** What an alert is about at one evaluation. */
export interface Condition {
  readonly type: AlertType
  /** Null: it does not hold. */
  readonly fires: Severity | null
  /** Whether an open one may be cleared. */
  readonly clears: boolean
  /** It opens at once, after it held for six hours, or at a second daily close. */
  readonly opens: 'AT_ONCE' | 'SIX_HOURS' | 'NEXT_CLOSE'
  /** How long `clears` has to hold. Microseconds. */
  readonly clearsAfter: number
}

/** What alerts look at beside the pacing. Unknown is null: it opens nothing and clears nothing. */
export interface Around {
  readonly e: number
  /** The last 7 settled days. */
  readonly roas7: { readonly roas: number | null; readonly conversions: number } | null
  /** The last complete 6 hours against what is usual for these hours of the week. */
  readonly sixHours: { readonly ratio: number; readonly z: number } | null
  /** The last closed day against the mean of the 7 before it; used where there are no hours. */
  readonly day: { readonly ratio: number } | null
  /** SPEND: so far, of that the days that have closed, and the sums of the next 1, 2 … days to the end of the period. */
  readonly spend: { readonly actual: number; readonly closed: number; readonly sums: readonly Sum[] } | null
}

const HOUR_US = 3_600_000_000
const CLIFF_BACK_US = 12 * HOUR_US
const LEAST_CONVERSIONS = 10

/** The conditions of a target that can be told. */
export function conditionsOf(target: Target, pacing: Pacing, around: Around): Condition[] {
  const all = [
    ...spendPace(target, pacing),
    ...roasBelow(target, around),
    ...cliff(around),
    ...exhaustion(target, around),
  ]
  // Whatever little has passed says nothing yet; what is open may still be cleared.
  return around.e < FIRST_SHARE ? all.map(one => ({ ...one, fires: null })) : all
}

function spendPace(target: Target, { pace, attainment, band }: Pacing): Condition[] {
  if (target.metric !== 'SPEND' || pace === null) return []
  const six = { opens: 'SIX_HOURS', clearsAfter: 0 } as const
  const isUnder = pace < 1 - band && attainment !== null && attainment < 1 - TOLERANCE
  const isOver = pace > 1 + band && attainment !== null && attainment > 1 + TOLERANCE
  return [
    {
      type: 'UNDERPACING_SPEND',
      fires: isUnder ? (attainment < 0.8 ? 'critical' : 'warning') : null,
      clears: pace >= 1 - band / 2,
      ...six,
    },
    {
      type: 'OVERPACING_SPEND',
      fires: isOver ? (attainment > 1.2 ? 'critical' : 'warning') : null,
      clears: pace <= 1 + band / 2,
      ...six,
    },
  ]
}

function roasBelow({ metric, value }: Target, { roas7 }: Around): Condition[] {
  if (metric !== 'ROAS' || roas7 === null || roas7.roas === null) return []
  const { roas, conversions } = roas7
  const isBelow = roas < 0.95 * value && conversions >= LEAST_CONVERSIONS
  return [
    {
      type: 'ROAS_BELOW_TARGET',
      fires: isBelow ? (roas < 0.8 * value ? 'critical' : 'warning') : null,
      clears: roas >= value,
      opens: 'NEXT_CLOSE',
      clearsAfter: 0,
    },
  ]
}

function cliff({ sixHours, day }: Around): Condition[] {
  const seen = sixHours ?? day
  if (seen === null) return []
  const isCliff = sixHours
    ? (sixHours.ratio < 0.5 || sixHours.ratio > 2) && Math.abs(sixHours.z) >= 3.5
    : seen.ratio < 0.7
  return [
    {
      type: 'PACING_CLIFF',
      fires: isCliff ? 'critical' : null,
      clears: seen.ratio >= 0.7 && seen.ratio <= 1.4,
      opens: sixHours ? 'AT_ONCE' : 'SIX_HOURS',
      clearsAfter: CLIFF_BACK_US,
    },
  ]
}

/**
 * The budget is used up before its time: the first day on which actual and forecast reach the target is at least one day,
 * and 5 % of the period, before its end.
 */
function exhaustion(target: Target, { e, spend }: Around): Condition[] {
  if (target.metric !== 'SPEND' || spend === null) return []
  const { actual, closed, sums } = spend
  const consumed = (100 * actual) / target.value
  const margin = Math.max(1, 0.05 * daysOf(target))
  /** Days that are left after the budget is; 0: none are. Null: it cannot be told. */
  const left = (of: 'mean' | 'lower'): number | null => {
    if (closed >= target.value) return sums.length
    for (const [i, sum] of sums.entries()) {
      if (closed + (sum[of] ?? sum.lower ?? 0) >= target.value) return sums.length - 1 - i
      if (sum[of] === null) return null
    }
    return 0
  }
  const expected = left('mean')
  if (expected === null) return []
  const isEarly = expected >= margin
  const isSure = (left('lower') ?? 0) >= margin
  const isConsumed = consumed >= target.criticalPct && 100 * e < target.criticalPct
  return [
    {
      type: 'BUDGET_EXHAUSTION',
      fires: isEarly ? (isSure || isConsumed ? 'critical' : 'warning') : null,
      clears: expected === 0,
      opens: 'SIX_HOURS',
      clearsAfter: 0,
    },
  ]
}

/** What of a budget is consumed before its time, by the target's thresholds; null: it is not. */
export function consumption({ metric, value, warningPct, criticalPct }: Target, actual: number, e: number) {
  const consumed = (100 * actual) / value
  if (metric !== 'SPEND' || 100 * e >= consumed || consumed < warningPct) return null
  return consumed >= criticalPct ? 'critical' : 'warning'
}
