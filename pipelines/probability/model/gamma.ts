/** Lanczos' approximation, g = 7, n = 9 (Godfrey's coefficients): relative error about 1e-15 for x > 0. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const

/** ln Γ(x). @param x > 0 */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x)
  const y = x - 1
  const t = y + 7.5
  let sum: number = LANCZOS[0]
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (y + i)
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum)
}

const MOST_TERMS = 10_000
const PRECISION = 1e-16
const TINY = 1e-300

/**
 * The regularised upper incomplete gamma function Q(a, x), 0 to 1: what remains above x. The series below a + 1, the
 * continued fraction above (Abramowitz, Stegun 6.5.29 and 6.5.31, the latter by Lentz' method).
 * @param a > 0
 * @param x ≥ 0
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  const scale = Math.exp(a * Math.log(x) - x - lnGamma(a))
  return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x)
}

function series(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < MOST_TERMS && term > sum * PRECISION; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let product = d
  for (let n = 1; n < MOST_TERMS; n++) {
    const numerator = -n * (n - a)
    b += 2
    d = 1 / notZero(numerator * d + b)
    c = notZero(b + numerator / c)
    const step = c * d
    product *= step
    if (Math.abs(step - 1) < PRECISION * 4) break
  }
  return product
}

const notZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x)

/** Upper tail of the chi-square distribution. @param df degrees of freedom, > 0 */
export const chiSquareTail = (x: number, df: number): number => upperGamma(df / 2, x / 2)
