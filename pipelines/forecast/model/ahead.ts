import { twoSidedZ } from '../../probability/model/student.ts'
import type { Fit } from './smoothing.ts'

/** A mean with the bounds of an interval; of one step, or of a sum. */
export interface Interval {
  readonly mean: number
  readonly lower: number
  readonly upper: number
}

export interface Ahead {
  readonly points: readonly (Interval & { readonly h: number })[]
  /** Of the sum of all steps. */
  readonly total: Interval
}

/**
 * The next steps and their sum. An error of step i moves each later step by ψ_k = α + αβk, so that
 * `Var(y_h) = s² w_h² (1 + Σ_{k<h} ψ_k²)` and, exactly, `Var(Σ y) = s² Σ_i (w_i + Σ_{j>i} w_j ψ_{j−i})²`: the errors of
 * a sum are not independent. w is the season's index of the step.
 * @param weights one for each step ahead; 1 without a season
 * @param level 0 < level < 1
 */
export function ahead(fit: Fit, weights: readonly number[], level: number): Ahead {
  const z = twoSidedZ(level)
  const psi = (k: number) => fit.alpha + fit.alpha * (fit.beta ?? 0) * k
  const between = (mean: number, variance: number): Interval => {
    const half = z * Math.sqrt(variance)
    return { mean, lower: mean - half, upper: mean + half }
  }
  let spread = 1
  const points = weights.map((w, i) => {
    const h = i + 1
    if (i > 0) spread += psi(i) ** 2
    return { h, ...between(w * (fit.level + h * fit.trend), fit.s2 * w * w * spread) }
  })
  const total = points.reduce((sum, p) => sum + p.mean, 0)
  return { points, total: between(total, fit.s2 * sumSpread(weights, psi)) }
}

function sumSpread(weights: readonly number[], psi: (k: number) => number): number {
  let spread = 0
  for (let i = 0; i < weights.length; i++) {
    let moved = weights[i]!
    for (let j = i + 1; j < weights.length; j++) moved += weights[j]! * psi(j - i)
    spread += moved * moved
  }
  return spread
}
