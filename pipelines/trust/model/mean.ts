/** One part of a weighted mean; the weight in millionths, the value null where it is unknown. */
export type Part = readonly [weight: number, value: number | null]

export interface WeightedMean {
  /** Σ w·v ÷ Σ w over the known parts; null where none is known. */
  readonly value: number | null
  /** Share of the weights that is known, 0 to 1. */
  readonly known: number
}

/**
 * The mean of what is known. Weights are whole numbers, so sums of them are exact; and the mean never leaves the range
 * of its parts, which rounding could otherwise make it do by a last digit, across a threshold.
 */
export function weightedMean(parts: readonly Part[]): WeightedMean {
  let sum = 0
  let known = 0
  let all = 0
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const [weight, value] of parts) {
    all += weight
    if (value === null || weight === 0) continue
    known += weight
    sum += weight * value
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (known === 0) return { value: null, known: 0 }
  return { value: Math.min(most, Math.max(least, sum / known)), known: known / all }
}
