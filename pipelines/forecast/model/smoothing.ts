import { leastSquares } from './linear-start.ts'
import { minimise } from './minimise.ts'

export const SMOOTHINGS = ['ses', 'holt', 'ewma'] as const
export type Smoothing = (typeof SMOOTHINGS)[number]

/** A smoothed series at its end. */
export interface Fit {
  readonly model: Smoothing
  /** Weight of the newest value in the level. */
  readonly alpha: number
  /** Holt: weight of the newest change in the trend. Else null. */
  readonly beta: number | null
  readonly level: number
  /** A step. */
  readonly trend: number
  /** Variance of the one-step errors. */
  readonly s2: number
}

/** Values there have to be: one more than what is estimated from them. */
export const LEAST_VALUES: Readonly<Record<Smoothing, number>> = { ses: 3, holt: 5, ewma: 2 }

export const EWMA_ALPHA = 0.2

/**
 * Simple exponential smoothing: the level l += α(y − l); α and the first level make Σ e² least; s² = Σ e²/(n − 2).
 * @throws RangeError: fewer than 3 values
 */
export function fitSes(y: readonly number[]): Fit {
  enough('ses', y)
  const unit = new Float64Array(y.length)
  const startOf = (alpha: number) => {
    for (let t = 0, left = 1; t < y.length; t++, left *= 1 - alpha) unit[t] = -left
    return leastSquares(sesErrors(y, alpha, 0).errors, [unit])
  }
  const [alpha] = minimise(([a]) => startOf(a!).sse, 1) as [number]
  const { states, sse } = startOf(alpha)
  const { level } = sesErrors(y, alpha, states[0]!)
  return { model: 'ses', alpha, beta: null, level, trend: 0, s2: sse / (y.length - 2) }
}

/**
 * An exponentially weighted mean of a given α that starts at the first value; nothing is estimated but it, s² = Σ e²/(n − 1).
 * @throws RangeError: fewer than 2 values
 */
export function fitEwma(y: readonly number[], alpha: number = EWMA_ALPHA): Fit {
  enough('ewma', y)
  const { errors, level } = sesErrors(y, alpha, y[0]!)
  const sse = errors.reduce((sum, e) => sum + e * e, 0)
  return { model: 'ewma', alpha, beta: null, level, trend: 0, s2: sse / (y.length - 1) }
}

function sesErrors(y: readonly number[], alpha: number, start: number) {
  const errors = new Float64Array(y.length)
  let level = start
  for (let t = 0; t < y.length; t++) {
    errors[t] = y[t]! - level
    level += alpha * errors[t]!
  }
  return { errors, level }
}

/**
 * Holt's linear trend: e = y − l − b; l += b + αe; b += αβe. α, β and the first level and trend make Σ e² least;
 * s² = Σ e²/(n − 4).
 * @throws RangeError: fewer than 5 values
 */
export function fitHolt(y: readonly number[]): Fit {
  enough('holt', y)
  const zeros = new Array<number>(y.length).fill(0)
  const startOf = (alpha: number, beta: number) =>
    leastSquares(holtErrors(y, alpha, beta, 0, 0).errors, [
      holtErrors(zeros, alpha, beta, 1, 0).errors,
      holtErrors(zeros, alpha, beta, 0, 1).errors,
    ])
  const [alpha, beta] = minimise(([a, b]) => startOf(a!, b!).sse, 2) as [number, number]
  const { states, sse } = startOf(alpha, beta)
  const { level, trend } = holtErrors(y, alpha, beta, states[0]!, states[1]!)
  return { model: 'holt', alpha, beta, level, trend, s2: sse / (y.length - 4) }
}

function holtErrors(y: readonly number[], alpha: number, beta: number, l0: number, b0: number) {
  const errors = new Float64Array(y.length)
  let level = l0
  let trend = b0
  for (let t = 0; t < y.length; t++) {
    const e = y[t]! - level - trend
    errors[t] = e
    level += trend + alpha * e
    trend += alpha * beta * e
  }
  return { errors, level, trend }
}

function enough(model: Smoothing, y: readonly number[]): void {
  if (y.length < LEAST_VALUES[model])
    throw new RangeError(`${model} needs at least ${LEAST_VALUES[model]} values, got ${y.length}`)
}
