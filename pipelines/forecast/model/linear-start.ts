/** Residuals of a recursion whose first states are unknown: they are linear in them. */
export interface Start {
  /** The states before the first value that make the sum of squares least. */
  readonly states: readonly number[]
  /** Σ e². */
  readonly sse: number
}

/**
 * Residuals are `e⁰ + Σ θ·eᵏ`, θ the first states: least squares in closed form, for one state or two.
 * @param base residuals with all first states 0
 * @param units residuals of an all-zero series with one first state 1
 */
export function leastSquares(base: Float64Array, units: readonly Float64Array[]): Start {
  const [first, second] = units
  const a = dot(first!, first!)
  const u = -dot(base, first!)
  let states: number[]
  if (second === undefined) states = [a > 0 ? u / a : 0]
  else {
    const b = dot(first!, second)
    const c = dot(second, second)
    const v = -dot(base, second)
    const determinant = a * c - b * b
    // Where the two cannot be told apart there is no trend.
    states =
      determinant > 1e-12 * a * c
        ? [(u * c - v * b) / determinant, (v * a - u * b) / determinant]
        : [a > 0 ? u / a : 0, 0]
  }
  let sse = 0
  for (let t = 0; t < base.length; t++) {
    let e = base[t]!
    for (let k = 0; k < units.length; k++) e += states[k]! * units[k]![t]!
    sse += e * e
  }
  return { states, sse }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
