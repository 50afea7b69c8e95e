import { upperGamma } from './gamma.ts'

/** 1 − erf(x), exact to about 1e-15, in the tail relative to its own size. */
export function erfc(x: number): number {
  const above = upperGamma(0.5, x * x)
  return x >= 0 ? above : 2 - above
}

/** Φ(x): the share of a standard normal distribution below x. */
export const normalCdf = (x: number): number => erfc(-x / Math.SQRT2) / 2

export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/**
 * Φ⁻¹(p): Acklam's rational approximation (relative error 1.2e-9), then one step of Halley's method.
 * @param p 0 < p < 1
 * @throws RangeError: p is no probability between
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a quantile is of a probability between 0 and 1, got ${p}`)
  // The upper half by the lower: a tail keeps its digits only where it is small.
  if (p > 0.5) return -normalQuantile(1 - p)
  const x = acklam(p)
  const u = (normalCdf(x) - p) / normalDensity(x)
  return x - u / (1 + (x * u) / 2)
}

const A = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
] as const
const B = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
  1,
] as const
const C = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
] as const
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1] as const
const TAIL = 0.02425

function acklam(p: number): number {
  if (p < TAIL) {
    const q = Math.sqrt(-2 * Math.log(p))
    return polynomial(C, q) / polynomial(D, q)
  }
  const q = p - 0.5
  const r = q * q
  return (polynomial(A, r) * q) / polynomial(B, r)
}

/** The highest power first. */
const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, c) => sum * x + c, 0)
