import { erfc, normalQuantile } from '../../probability/model/normal.ts'
import type { Arm } from './arm.ts'

export type Bounds = readonly [lower: number, upper: number]

export const rateOf = ({ conversions, users }: Arm): number => conversions / users

/**
 * Two-sided p-value of the pooled z-test of two proportions: `z = d / √(p(1−p)(1/n₁+1/n₂))`. Null where nobody or
 * everybody converted in both: there is nothing to test.
 */
export function pooledP(control: Arm, arm: Arm): number | null {
  const p = (control.conversions + arm.conversions) / (control.users + arm.users)
  const se = Math.sqrt(p * (1 - p) * (1 / control.users + 1 / arm.users))
  if (!(se > 0)) return null
  return erfc(Math.abs(rateOf(arm) - rateOf(control)) / se / Math.SQRT2)
}

const zOf = (confidence: number): number => -normalQuantile((1 - confidence) / 2)

/** Variance of the difference of both rates, unpooled. */
export const varianceOfDifference = (control: Arm, arm: Arm): number =>
  [control, arm].reduce((sum, one) => sum + (rateOf(one) * (1 - rateOf(one))) / one.users, 0)

/** Wald's interval of the difference: known by all, too narrow for small counts. */
export function wald(control: Arm, arm: Arm, confidence: number): Bounds {
  const d = rateOf(arm) - rateOf(control)
  const half = zOf(confidence) * Math.sqrt(varianceOfDifference(control, arm))
  return [d - half, d + half]
}

/** Wilson's score interval of one proportion. */
export function wilson(arm: Arm, confidence: number): Bounds {
  const z = zOf(confidence)
  const { users: n } = arm
  const p = rateOf(arm)
  const centre = p + (z * z) / (2 * n)
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  // Rounding leaves a hair beyond 0 and 1 where nobody, or everybody, converted.
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)]
}

/** Newcombe's interval of the difference (method 10 of Newcombe 1998: of Wilson's intervals), good for small counts too. */
export function newcombe(control: Arm, arm: Arm, confidence: number): Bounds {
  const [p1, p2] = [rateOf(control), rateOf(arm)]
  const [l1, u1] = wilson(control, confidence)
  const [l2, u2] = wilson(arm, confidence)
  const d = p2 - p1
  return [d - Math.hypot(p2 - l2, u1 - p1), d + Math.hypot(u2 - p2, p1 - l1)]
}

/** Cohen's h, the difference of arcsines: .2 is called small, .5 medium, .8 large. */
export const cohenH = (p1: number, p2: number): number =>
  2 * Math.asin(Math.sqrt(p2)) - 2 * Math.asin(Math.sqrt(p1))
