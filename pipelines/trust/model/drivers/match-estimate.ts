import type { EventMatch } from './match-rate.ts'

/**
 * Our estimate of match quality, 0 to 100, where a platform gives none: Σ w·coverage·uniqueness ÷ Σ w over all match
 * keys. Coverage is the share of events with a valid value; uniqueness is distinct values a person, at most 1, so that
 * one address for everybody counts for nothing. Always to be called an estimate. Source: platforms.md §8.2.
 */
export function matchEstimate(
  { events, users, keys }: EventMatch,
  weights: readonly (readonly [key: string, weight: number])[],
): number | null {
  if (keys === null || events === null || events <= 0 || users === null || users <= 0) return null
  let sum = 0
  let all = 0
  for (const [key, weight] of weights) {
    all += weight
    const count = Object.hasOwn(keys, key) ? keys[key] : undefined
    if (count) sum += weight * Math.min(1, count.valid / events) * Math.min(1, count.distinct / users)
  }
  return all === 0 ? null : (100 * sum) / all
}
