/** Exact fractions: the arithmetic that results are held against, in which nothing is ever rounded. */
export interface Fraction {
  readonly over: bigint
  /** More than 0. */
  readonly under: bigint
}

export function fraction(over: bigint, under = 1n): Fraction {
  const sign = under < 0n ? -1n : 1n
  const by = divisor(over < 0n ? -over : over, sign * under) * sign
  return { over: over / by, under: under / by }
}

function divisor(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b]
  return a
}

export const ZERO = fraction(0n)
export const plus = (a: Fraction, b: Fraction) =>
  fraction(a.over * b.under + b.over * a.under, a.under * b.under)
export const times = (a: Fraction, b: Fraction) => fraction(a.over * b.over, a.under * b.under)
export const minus = (a: Fraction, b: Fraction) => plus(a, fraction(-b.over, b.under))
export const per = (a: Fraction, b: Fraction) => times(a, fraction(b.under, b.over))

/** To 15 digits: of small numbers too. */
export function decimal({ over, under }: Fraction): number {
  const digits = 10n ** 30n
  return Number((over * digits) / under) / 1e30
}
