import type { Series } from './history.ts'
import { ELASTICITIES, meanOf, shape } from './shape.ts'

/** ν₀ and s₀: what is thought of the noise before anything is seen. */
const PRIOR_WEEKS = 6
const PRIOR_NOISE = 0.25
/** What a level drifts until the middle of the coming month. */
const DRIFT = 0.1
const BREAK = 2.5

/** Level of a curve for each elasticity: ln A, and its deviation τ. */
export interface Level {
  readonly lnA: readonly number[]
  readonly tau: readonly number[]
  /** `LEVEL_RESTARTED`: the last week broke with those before, and stands alone. */
  readonly isRestarted: boolean
}

/** ν₀s₀² + Σ (r − r̄)², and its degrees of freedom ν₀ + n − 1. */
export function residualSquares(series: Series, effects: readonly number[], b: number) {
  const r = residualsOf(series, effects, b)
  const mean = r.reduce((a, c) => a + c, 0) / r.length
  const squares = PRIOR_WEEKS * PRIOR_NOISE ** 2 + r.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return { squares, freedom: PRIOR_WEEKS + r.length - 1 }
}

const residualsOf = ({ v, z }: Series, effects: readonly number[], b: number): number[] =>
  v.map((x, t) => x - effects[t]! - shape(b, z[t]!))

/** @param p what the elasticity may be */
export function levelOf(series: Series, effects: readonly number[], p: readonly number[]): Level {
  const variances = ELASTICITIES.map(b => {
    const { squares, freedom } = residualSquares(series, effects, b)
    return squares / freedom
  })
  const noise = Math.sqrt(variances.reduce((sum, variance, k) => sum + p[k]! * variance, 0))
  const isRestarted = isBreak(residualsOf(series, effects, meanOf(p)), series.weight, noise)
  const weight = isRestarted
    ? series.weight.map((_, t, all) => (t === all.length - 1 ? 1 : 0))
    : series.weight
  const total = weight.reduce((a, b) => a + b, 0)
  const share = weight.reduce((sum, w) => sum + w * w, 0) / (total * total)
  return {
    lnA: ELASTICITIES.map((b, k) => mean(residualsOf(series, effects, b), weight) + variances[k]! / 2),
    tau: variances.map(variance => Math.sqrt(variance * share + DRIFT * DRIFT)),
    isRestarted,
  }
}

function mean(values: readonly number[], weight: readonly number[]): number {
  let sum = 0
  let total = 0
  for (const [t, w] of weight.entries()) {
    sum += w * values[t]!
    total += w
  }
  return sum / total
}

function isBreak(residuals: readonly number[], weight: readonly number[], noise: number): boolean {
  if (residuals.length < 2) return false
  const before = mean(residuals.slice(0, -1), weight.slice(0, -1))
  return Math.abs(residuals.at(-1)! - before) > BREAK * noise
}
