import { studentQuantile } from '../../../probability/model/student.ts'
import { type Levels, levelsOf, pastErrors } from './levels.ts'
import { BOUNDS_DAYS, type Reason, WINDOW_DAYS, type Window, windowOf } from './window.ts'

/** Days ahead beyond which there are no bounds (a quarter). */
const LONGEST_BOUNDS = 91
/** What past errors miss of the ones to come: with the wander of the recipe, and with the measured one. */
const WIDENED = { MIXED: 1.08, MEASURED: 1.11 } as const

/** A series that sums of coming days can be asked of. */
export interface Prepared {
  readonly window: Window
  readonly levels: Levels
}

/** The sum of the next h days. */
export interface SumAhead {
  readonly h: number
  readonly mean: number | null
  readonly lower: number | null
  readonly upper: number | null
  /** √V. */
  readonly sd: number | null
  /** Degrees of freedom of its t. */
  readonly df: number | null
  /** Fewer than 182 days: bounds were measured to hold .67 to 1.00 of the time. */
  readonly provisional: boolean
  /** Why the mean or the bounds are null. */
  readonly reason: Reason | null
}

/** The recipe of statistics.md §2 on the closed days of a series. @param days see windowOf */
export function prepare(days: readonly (number | null)[]): Prepared | Reason {
  const window = windowOf(days)
  return typeof window === 'string' ? window : { window, levels: levelsOf(window) }
}

export interface SumOptions {
  /** 0 < level < 1; .95. */
  readonly level?: number
  /** Own past: g of the horizon (own-past.ts); 1. */
  readonly g?: number
  /** False for what may fall below 0, as revenue less refunds. */
  readonly isNeverNegative?: boolean
  /**
   * How much the model lets the level wander in V: as its mixed memory (`MIXED`, the recipe of statistics.md §2), or no
   * more than one-day errors allow (`MEASURED`, which is widened by 1.11 instead of 1.08). Where a level stays, the first is
   * up to a third too wide for a month (bench/README.md, forecasts).
   */
  readonly wander?: Wander
}

export type Wander = 'MIXED' | 'MEASURED'

/**
 * The sum of the next h days: weekdays × level, with bounds `± 1.08 · t · g · √V`, V the larger of what forecasts made in
 * the window were off by and of what the model allows.
 */
export function sumAhead(prepared: Prepared | Reason, h: number, options: SumOptions = {}): SumAhead {
  const { level = 0.95, g = 1, isNeverNegative = true, wander = 'MIXED' } = options
  if (typeof prepared === 'string') return { ...NOTHING, h, reason: prepared }
  const { window, levels } = prepared
  const n = window.y.length
  const mean = levels.after[n - 1]! * weightAhead(window, h)
  const only = (reason: Reason): SumAhead => ({ ...NOTHING, h, mean, reason })
  if (n < BOUNDS_DAYS) return only('SHORT_HISTORY')
  if (h > LONGEST_BOUNDS) return only('HORIZON')
  const errors = errorsOf(prepared, h)
  if (errors.length === 0) return only('SHORT_HISTORY')
  const sd = Math.sqrt(
    Math.max(errors.reduce((sum, e) => sum + e * e, 0) / errors.length, allowed(prepared, h, wander)),
  )
  const df = (n - 28) / h + 4
  const half = halfWidth(level, df, g, wander) * sd
  const lower = mean - half
  return {
    h,
    mean,
    lower: isNeverNegative ? Math.max(0, lower) : lower,
    upper: mean + half,
    sd,
    df,
    provisional: n < WINDOW_DAYS,
    reason: null,
  }
}

const NOTHING = { mean: null, lower: null, upper: null, sd: null, df: null, provisional: false } as const

/** q: standard deviations on either side. */
export const halfWidth = (level: number, df: number, g: number, wander: Wander = 'MIXED'): number =>
  WIDENED[wander] * studentQuantile(level, df) * g

/** What forecasts of h days made in the window were off by, the oldest first. */
export const errorsOf = ({ window, levels }: Prepared, h: number): number[] =>
  pastErrors(window, levels.after, h)

function weightAhead({ y, index }: Window, h: number): number {
  let sum = 0
  for (let j = 0; j < h; j++) sum += index(y.length + j)
  return sum
}

/** Variance of the sum as the model has it: `s² Σ_i (S_i + a Σ_{j>i} S_j)²`, a = ā or what is measured. */
function allowed({ window, levels }: Prepared, h: number, wander: Wander): number {
  const alpha = wander === 'MIXED' ? levels.alpha : Math.min(levels.alpha, levels.wander)
  let later = 0
  let spread = 0
  for (let i = h - 1; i >= 0; i--) {
    const s = window.index(window.y.length + i)
    spread += (s + alpha * later) ** 2
    later += s
  }
  return levels.s2 * spread
}

/**
 * A total of a period: what is there already and the days to come. Its lower bound is never below what is there.
 * @param soFar null where it is not known
 */
export function periodTotal(soFar: number | null, rest: SumAhead): SumAhead {
  if (soFar === null) return { ...NOTHING, h: rest.h, reason: rest.reason ?? 'MISSING_DAYS' }
  const plus = (x: number | null) => (x === null ? null : soFar + x)
  return { ...rest, mean: plus(rest.mean), lower: plus(rest.lower), upper: plus(rest.upper) }
}
