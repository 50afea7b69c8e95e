import { normalCdf, normalQuantile } from '../../probability/model/normal.ts'

/** How the size of a sample is defined; published definitions differ by 9 %. */
export const DEFINITION =
  'pooled z-test of two proportions, two-sided, equal arms (as R power.prop.test): (z_{a/2} sqrt(2 p q) + z_b sqrt(p1 q1 + p2 q2))^2 / d^2, p the mean of both rates'

export interface Effect {
  readonly baseline: number
  /** The smallest change worth finding; below 0: a fall. */
  readonly mde: number
  /** RELATIVE: .1 of a baseline of .05 is .055. */
  readonly mdeType: 'RELATIVE' | 'ABSOLUTE'
}

/** The rate that an effect leads to. @throws RangeError: a rate that is none, or no effect */
export function rateAfter({ baseline, mde, mdeType }: Effect): number {
  if (!(baseline > 0 && baseline < 1))
    throw new RangeError(`the baseline is a rate between 0 and 1, got ${baseline}`)
  if (mde === 0 || !Number.isFinite(mde))
    throw new RangeError(`no sample finds an effect of ${mde}: name the smallest change worth finding`)
  const rate = mdeType === 'RELATIVE' ? baseline * (1 + mde) : baseline + mde
  if (!(rate > 0 && rate < 1))
    throw new RangeError(
      `${mdeType === 'RELATIVE' ? 'a relative' : 'an absolute'} effect of ${mde} would make ${baseline} a rate of ${rate}, which is not between 0 and 1`,
    )
  return rate
}

/**
 * Users each arm needs, rounded up: 31,234 from .05 to .055.
 * @param alpha two-sided, 0 < alpha < 1
 * @param power alpha/2 < power < 1
 * @throws RangeError: a rate, alpha or power that is none; a sample beyond counting
 */
export function sampleSize(effect: Effect, alpha = 0.05, power = 0.8): number {
  const p1 = effect.baseline
  const p2 = rateAfter(effect)
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is between 0 and 1, got ${alpha}`)
  if (!(power > alpha / 2 && power < 1)) throw new RangeError(`power is between alpha/2 and 1, got ${power}`)
  const mean = (p1 + p2) / 2
  const root =
    -normalQuantile(alpha / 2) * Math.sqrt(2 * mean * (1 - mean)) +
    normalQuantile(power) * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
  const n = Math.max(1, Math.ceil((Math.max(0, root) / (p2 - p1)) ** 2))
  if (!Number.isSafeInteger(n * 2))
    throw new RangeError(`an effect of ${effect.mde} is too small for any sample`)
  return n
}

/**
 * The chance that the pooled z-test finds a difference of two rates, both tails counted. Null where both rates are 0 or 1.
 * @param n1 @param n2 users of each arm
 */
export function powerOf(p1: number, p2: number, n1: number, n2: number, alpha = 0.05): number | null {
  const pooled = (p1 * n1 + p2 * n2) / (n1 + n2)
  const s0 = Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
  const s1 = Math.sqrt((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2)
  const d = Math.abs(p2 - p1)
  const z = -normalQuantile(alpha / 2)
  if (!(s0 > 0)) return null
  // Nobody in one arm and everybody in the other: it is found, or not, without chance.
  if (!(s1 > 0)) return d > z * s0 ? 1 : 0
  return normalCdf((d - z * s0) / s1) + normalCdf((-d - z * s0) / s1)
}
