import { normalCdf, normalDensity, normalQuantile } from '../../probability/model/normal.ts'
import type { Curve } from './fit.ts'
import { ELASTICITIES, lnElasticity, shape } from './shape.ts'

/** A mean with the 5 % and the 95 % quantile: about the expected week, not about one week's luck. */
export interface Expected {
  readonly mean: number
  readonly lower: number
  readonly upper: number
}

/** A mixture of lognormals: weights, and mean and deviation of the logarithm. */
interface Mixture {
  readonly p: readonly number[]
  readonly ln: readonly number[]
  readonly tau: readonly number[]
}

const z = (curve: Curve, spend: number): number => Math.log(spend / curve.series.reference)

const resultMixture = (curve: Curve, spend: number): Mixture => ({
  p: curve.p,
  ln: ELASTICITIES.map((b, k) => curve.level.lnA[k]! + shape(b, z(curve, spend))),
  tau: curve.level.tau,
})

const marginalMixture = (curve: Curve, spend: number): Mixture => ({
  p: curve.p,
  ln: ELASTICITIES.map(
    (b, k) =>
      curve.level.lnA[k]! + shape(b, z(curve, spend)) + lnElasticity(b, z(curve, spend)) - Math.log(spend),
  ),
  tau: curve.level.tau,
})

const meanOf = ({ p, ln, tau }: Mixture): number =>
  p.reduce((sum, w, k) => sum + w * Math.exp(ln[k]! + tau[k]! ** 2 / 2), 0)

/** f(x): the result of a week with this spend. @param spend above 0 */
export const result = (curve: Curve, spend: number): Expected => expected(resultMixture(curve, spend))

/** f′(x): what the next unit of spend brings. @param spend above 0 */
export const marginal = (curve: Curve, spend: number): Expected => expected(marginalMixture(curve, spend))

/** E f′(x) alone: it falls as x grows. */
export const meanMarginal = (curve: Curve, spend: number): number => meanOf(marginalMixture(curve, spend))

/** E f′(x) and its slope, for many x of one curve: Σ c / (b + (1 − b)ρ)², without a logarithm. */
export function marginalOf(
  curve: Curve,
): (spend: number) => { readonly mean: number; readonly slope: number } {
  const { reference } = curve.series
  const { lnA, tau } = curve.level
  const c = ELASTICITIES.map((b, k) => (curve.p[k]! * Math.exp(lnA[k]! + tau[k]! ** 2 / 2) * b) / reference)
  return spend => {
    let mean = 0
    let slope = 0
    for (let k = 0; k < c.length; k++) {
      const b = ELASTICITIES[k]!
      const d = b + ((1 - b) * spend) / reference
      const share = c[k]! / (d * d)
      mean += share
      slope -= (2 * share * (1 - b)) / (reference * d)
    }
    return { mean, slope }
  }
}

/** Standard deviation of f′(x). */
export function marginalSd(curve: Curve, spend: number): number {
  const mixture = marginalMixture(curve, spend)
  const mean = meanOf(mixture)
  const { p, ln, tau } = mixture
  const square = p.reduce((sum, w, k) => sum + w * Math.exp(2 * ln[k]! + 2 * tau[k]! ** 2), 0)
  return Math.sqrt(Math.max(0, square - mean * mean))
}

function expected(mixture: Mixture): Expected {
  return { mean: meanOf(mixture), lower: quantile(mixture, 0.05), upper: quantile(mixture, 0.95) }
}

const STEPS = 60
/** The step after one so short is shorter than a double can tell: Newton's are squared. */
const SHORT = 1e-8

/**
 * By Newton's steps on the logarithm from where one lognormal of this mean and deviation has it, each kept within what is
 * known to hold the quantile.
 */
function quantile({ p, ln, tau }: Mixture, share: number): number {
  const mean = p.reduce((sum, w, k) => sum + w * ln[k]!, 0)
  const variance = p.reduce((sum, w, k) => sum + w * ((ln[k]! - mean) ** 2 + tau[k]! ** 2), 0)
  let low = Math.min(...ln.map((m, k) => m - 6 * tau[k]!))
  let high = Math.max(...ln.map((m, k) => m + 6 * tau[k]!))
  let at = mean + normalQuantile(share) * Math.sqrt(variance)
  if (!(at > low && at < high)) at = (low + high) / 2
  for (let i = 0; i < STEPS; i++) {
    let below = 0
    let density = 0
    for (let k = 0; k < p.length; k++) {
      const u = (at - ln[k]!) / tau[k]!
      below += p[k]! * normalCdf(u)
      density += (p[k]! * normalDensity(u)) / tau[k]!
    }
    if (below < share) low = at
    else high = at
    const step = at - (below - share) / density
    const next = step > low && step < high ? step : (low + high) / 2
    const isShort = Math.abs(next - at) < SHORT
    at = next
    if (isShort) break
  }
  return Math.exp(at)
}

export interface Moments {
  readonly mean: number
  readonly variance: number
}

/** f(x) − f(x⁰) for one mean of the platform: level and elasticity are the same on both sides. */
export function changeGiven(curve: Curve, from: number, to: number, p: readonly number[]): Moments {
  let mean = 0
  let square = 0
  for (const [k, b] of ELASTICITIES.entries()) {
    const { lnA, tau } = curve.level
    const step = Math.exp(shape(b, z(curve, to))) - Math.exp(shape(b, z(curve, from)))
    mean += p[k]! * Math.exp(lnA[k]! + tau[k]! ** 2 / 2) * step
    square += p[k]! * Math.exp(2 * lnA[k]! + 2 * tau[k]! ** 2) * step * step
  }
  return { mean, variance: Math.max(0, square - mean * mean) }
}
