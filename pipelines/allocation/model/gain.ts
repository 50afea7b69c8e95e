import { normalCdf, normalQuantile } from '../../probability/model/normal.ts'
import { changeGiven } from './curve.ts'
import type { Curve } from './fit.ts'
import { PLATFORM_MEANS } from './shape.ts'

/** Two-sided 90 %: the 1.645 of allocation.md, with all its digits as its goldens have it. */
export const Z90 = normalQuantile(0.95)

/** What a change of spends should add in a week, with 90 % bounds. */
export interface Gain {
  readonly mean: number
  readonly lower: number
  readonly upper: number
  /** That it adds anything; null: nothing changes. */
  readonly probability: number | null
}

export interface Change {
  readonly curve: Curve
  readonly from: number
  readonly to: number
}

/**
 * Given the mean of their platform's elasticities campaigns are independent, so that means and variances add; that mean is
 * common to them, so mean and variance are taken over it too; platforms add.
 */
export function gain(changes: readonly Change[]): Gain {
  let mean = 0
  let variance = 0
  for (const platform of new Set(changes.map(({ curve }) => curve.series.platform))) {
    const own = changes.filter(({ curve }) => curve.series.platform === platform)
    const given = PLATFORM_MEANS.map((_, m) => {
      const parts = own.map(({ curve, from, to }) => changeGiven(curve, from, to, curve.pGiven[m]!))
      return {
        mean: parts.reduce((sum, part) => sum + part.mean, 0),
        variance: parts.reduce((sum, part) => sum + part.variance, 0),
      }
    })
    const weights = own[0]!.curve.means
    const over = (of: (m: number) => number) => weights.reduce((sum, w, m) => sum + w * of(m), 0)
    const average = over(m => given[m]!.mean)
    mean += average
    variance += over(m => given[m]!.variance + (given[m]!.mean - average) ** 2)
  }
  const sd = Math.sqrt(variance)
  return {
    mean,
    lower: mean - Z90 * sd,
    upper: mean + Z90 * sd,
    probability: sd > 0 ? normalCdf(mean / sd) : null,
  }
}
