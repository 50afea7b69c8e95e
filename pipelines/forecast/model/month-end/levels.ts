import { wanderOf } from './wander.ts'
import { BOUNDS_DAYS, LEAST_DAYS, type Window } from './window.ts'

/** Memories that a series chooses from: the weight of the newest day. */
const ALPHAS = [0.05, 0.1, 0.2, 0.4] as const
const PLAIN_ALPHA = 0.2
/** The horizon whose past errors choose. */
const JUDGED_DAYS = 14
/** The first day after which past errors are taken. */
export const FIRST_ORIGIN = 27

/** The level of a series without its weekdays, as it was known after each day. */
export interface Levels {
  /** Of each memory, Σ = 1. */
  readonly weights: readonly number[]
  /** L after day i. */
  readonly after: readonly number[]
  /** ā: the memory on the mean. */
  readonly alpha: number
  /** Variance of a day without its weekday about the level of the day before. */
  readonly s2: number
  /** How much the level wanders by one-day errors: see wanderOf. */
  readonly wander: number
}

/**
 * Several exponentially weighted levels, mixed by how well each foretold sums of 14 days:
 * `w ∝ (mean e² + 1e-9·mean(y)²)^−2`. Below 56 days there is only one.
 */
export function levelsOf({ y, index, mean }: Window): Levels {
  const alphas: readonly number[] = y.length < BOUNDS_DAYS ? [PLAIN_ALPHA] : ALPHAS
  const d = y.map((x, i) => x / index(i))
  const start = d.slice(0, LEAST_DAYS).reduce((a, b) => a + b, 0) / LEAST_DAYS
  const levels = alphas.map(alpha => {
    let l = start
    return d.map(x => {
      l += alpha * (x - l)
      return l
    })
  })
  const weights = alphas.length === 1 ? [1] : weightsOf(y, index, mean, levels)
  const mixed = (i: number) => levels.reduce((sum, l, a) => sum + weights[a]! * l[i]!, 0)
  const after = d.map((_, i) => mixed(i))
  let s2 = 0
  for (let i = LEAST_DAYS; i < d.length; i++) s2 += (d[i]! - after[i - 1]!) ** 2
  return {
    weights,
    after,
    alpha: alphas.reduce((sum, alpha, a) => sum + weights[a]! * alpha, 0),
    s2: s2 / Math.max(1, d.length - LEAST_DAYS),
    wander: wanderOf(d),
  }
}

function weightsOf(
  y: readonly number[],
  index: (i: number) => number,
  mean: number,
  levels: readonly (readonly number[])[],
): number[] {
  const squares = levels.map(level => {
    const errors = pastErrors({ y, index }, level, JUDGED_DAYS)
    return errors.reduce((sum, e) => sum + e * e, 0) / errors.length + 1e-9 * mean * mean
  })
  // Against the least: powers of very large or very small amounts are no numbers any more.
  const least = Math.min(...squares)
  const raw = squares.map(square => (square === least ? 1 : (least / square) ** 2))
  const sum = raw.reduce((a, b) => a + b, 0)
  return raw.map(w => w / sum)
}

/**
 * What forecasts of a sum of h days, made after each past day by the level known then, were off by:
 * `Σ y − l(o) Σ S` for o = 27 … N−h−1. Empty where no such day has passed.
 */
export function pastErrors(
  { y, index }: Pick<Window, 'y' | 'index'>,
  level: readonly number[],
  h: number,
): number[] {
  const errors: number[] = []
  let sum = 0
  let weight = 0
  for (let j = 1; j <= h; j++) {
    sum += y[FIRST_ORIGIN + j] ?? 0
    weight += index(FIRST_ORIGIN + j)
  }
  for (let o = FIRST_ORIGIN; o <= y.length - h - 1; o++) {
    errors.push(sum - level[o]! * weight)
    sum += (y[o + h + 1] ?? 0) - y[o + 1]!
    weight += index(o + h + 1) - index(o + 1)
  }
  return errors
}
