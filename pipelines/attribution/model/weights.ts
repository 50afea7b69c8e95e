/** Models whose credits can be added journey by journey, and taken off again. */
export const ADDITIVE_MODELS = [
  'last_touch',
  'first_touch',
  'linear',
  'position_based',
  'time_decay',
  'shapley',
] as const
export type AdditiveModel = (typeof ADDITIVE_MODELS)[number]

/** Days in which the weight of a touch halves (product.md §2 row 32). */
export const HALF_LIFE_DAYS = 7
/** Percent of the first and of the last touch; what is between shares the rest. */
const POSITION = { firstPct: 40, lastPct: 40 }

/** What the models look at: the touches of one journey, first to last. */
export interface Touches<Key = unknown> {
  readonly keys: readonly Key[]
  /** Days before the conversion; `time_decay` needs them. */
  readonly daysBefore?: readonly number[] | null
  readonly halfLifeDays?: number | undefined
  /** Percent, 100 together at most and more than 0. */
  readonly position?: { readonly firstPct: number; readonly lastPct: number } | undefined
}

/**
 * How a conversion is shared out: a weight of 0 or more for each touch, of which at least one is more than 0; shares are
 * weights ÷ their sum. Definitions: attribution.md §3 and §4.
 *
 * - `linear` counts repeats (ChannelAttribution).
 * - `position_based` is 40/20/40 unless said otherwise; of one touch 100, of two 50/50 (Google, Snowplow).
 * - `time_decay` is 2^(−days ÷ half-life), relative to the last touch: no journey is so old that nothing is left.
 * - `shapley` is that of the game v(S) = what journeys brought whose channels are all in S. Its closed form is an equal
 *   part for each *distinct* channel, here given to the first touch of each.
 */
const WEIGHTS: Readonly<Record<AdditiveModel, (touches: Touches) => number[]>> = {
  last_touch: ({ keys }) => keys.map((_, i) => (i === keys.length - 1 ? 1 : 0)),
  first_touch: ({ keys }) => keys.map((_, i) => (i === 0 ? 1 : 0)),
  linear: ({ keys }) => keys.map(() => 1),
  position_based({ keys, position: { firstPct, lastPct } = POSITION }) {
    const n = keys.length
    if (n === 1) return [1]
    if (n === 2) return [firstPct, lastPct]
    // In units of 1 ÷ (n − 2) percent: integers, so that shares are as exact as they can be.
    return keys.map((_, i) => {
      if (i === 0) return firstPct * (n - 2)
      return i === n - 1 ? lastPct * (n - 2) : 100 - firstPct - lastPct
    })
  },
  time_decay({ keys, daysBefore, halfLifeDays = HALF_LIFE_DAYS }) {
    if (daysBefore?.length !== keys.length)
      throw new RangeError('time_decay needs the days before the conversion of every touch')
    if (!(halfLifeDays > 0)) throw new RangeError(`a half-life is more than 0 days, not ${halfLifeDays}`)
    const least = daysBefore.reduce((a, b) => Math.min(a, b))
    return daysBefore.map(days => 2 ** ((least - days) / halfLifeDays))
  },
  shapley({ keys }) {
    const seen = new Set<unknown>()
    return keys.map(key => (seen.size < seen.add(key).size ? 1 : 0))
  },
}

/** @throws RangeError: no touches, or `time_decay` without days */
export function weightsOf(model: AdditiveModel, touches: Touches): number[] {
  if (touches.keys.length === 0) throw new RangeError('a journey has at least one touch')
  return WEIGHTS[model](touches)
}
