import { ahead, type Interval } from './ahead.ts'
import { prepare, sumAhead } from './month-end/month-end.ts'
import type { Reason } from './month-end/window.ts'
import { seasonOf } from './season.ts'
import { EWMA_ALPHA, type Fit, fitEwma, fitHolt, fitSes, type Smoothing } from './smoothing.ts'

/** What `stratum model forecast` prints. */
export interface Forecast {
  readonly model: Smoothing | 'month-end'
  readonly fit: { readonly alpha: number | null; readonly beta?: number; readonly sigma: number | null }
  readonly points: readonly Point[]
  readonly total: Nullable<Interval>
  /** Indices of the season that was taken out; null: none was asked for, or none could be told. */
  readonly season?: readonly number[] | null
  /** month-end: bounds of fewer than 182 days. */
  readonly provisional?: boolean
  /** Why something is null. */
  readonly reason?: Reason
}

/** A smoothing has all its figures, or throws. */
export interface SmoothedForecast extends Forecast {
  readonly points: readonly (Interval & { readonly h: number })[]
  readonly total: Interval
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null }
type Point = { readonly h: number } & Nullable<Interval> & { readonly reason?: Reason }

export interface SmoothingOptions {
  readonly horizon: number
  readonly level: number
  /** Values of a season; none, or 1, is without. */
  readonly season?: number
  /** ewma only. */
  readonly alpha?: number
}

/**
 * Steps ahead and their sum, by a smoothing, with the season taken out first and put back after, if it has one.
 * @throws RangeError: too few values, or a season that is not of positive values
 */
export function smoothed(
  model: Smoothing,
  y: readonly number[],
  options: SmoothingOptions,
): SmoothedForecast {
  const { horizon, level, season = 1, alpha = EWMA_ALPHA } = options
  const indices = season > 1 ? seasonOf(y, season) : null
  const plain = indices ? y.map((x, i) => x / indices[i % season]!) : y
  const fit = FITS[model](plain, alpha)
  const weights = Array.from({ length: horizon }, (_, i) => (indices ? indices[(y.length + i) % season]! : 1))
  const { points, total } = ahead(fit, weights, level)
  return {
    model,
    fit: {
      alpha: fit.alpha,
      ...(fit.beta === null ? {} : { beta: fit.beta }),
      sigma: Math.sqrt(fit.s2),
    },
    points,
    total,
    ...(season > 1 ? { season: indices } : {}),
  }
}

const FITS: Readonly<Record<Smoothing, (y: readonly number[], alpha: number) => Fit>> = {
  ses: fitSes,
  holt: fitHolt,
  ewma: fitEwma,
}

/** The sums of the next 1 … horizon days, by the month-end recipe. @param days closed days, null is missing */
export function monthEnd(
  days: readonly (number | null)[],
  { horizon, level }: { readonly horizon: number; readonly level: number },
): Forecast {
  const prepared = prepare(days)
  const isNeverNegative = days.every(x => x === null || x >= 0)
  const sums = Array.from({ length: horizon }, (_, i) =>
    sumAhead(prepared, i + 1, { level, isNeverNegative }),
  )
  const points = sums.map(
    ({ h, mean, lower, upper, reason }): Point => ({ h, mean, lower, upper, ...(reason ? { reason } : {}) }),
  )
  const last = sums.at(-1)!
  const fit =
    typeof prepared === 'string'
      ? { alpha: null, sigma: null }
      : { alpha: prepared.levels.alpha, sigma: Math.sqrt(prepared.levels.s2) }
  return {
    model: 'month-end',
    fit,
    points,
    total: { mean: last.mean, lower: last.lower, upper: last.upper },
    provisional: sums[0]!.provisional,
    ...(last.reason ? { reason: last.reason } : {}),
  }
}
