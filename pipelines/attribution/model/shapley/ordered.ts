import type { Paths } from '../paths.ts'

/** What a channel is credited with for being at one place of journeys. */
export interface PlaceCredit {
  readonly channel: string
  /** Touches before it in its journey; with `firsts`, other channels before it. */
  readonly place: number
  readonly conversions: number
  readonly value: number | null
}

/**
 * Ordered Shapley (Zhao, Mahboobi, Bagheri 2018): the Shapley credit of each channel by the place of its touch; over all
 * places it adds up to that credit. A channel's part of a journey, 1 ÷ distinct channels, is split evenly over its
 * touches. One pass over the touches: the published programs go through 2^n coalitions to get there.
 * @param firsts instead, all of it is where the channel comes first, repeats not counted as places
 * @returns by channel, then place; places without credit are left out
 */
export function orderedShapley(paths: Paths, { firsts = false } = {}): PlaceCredit[] {
  const found = paths.channels.map(() => new Map<number, { conversions: number; value: number }>())
  for (const { path, conversions, value } of paths.rows) {
    if (conversions === 0) continue
    const touches = new Map<number, number>()
    for (const channel of path) touches.set(channel, (touches.get(channel) ?? 0) + 1)
    const places = firsts ? [...touches.keys()] : path
    for (const [place, channel] of places.entries()) {
      const share = 1 / (touches.size * (firsts ? 1 : touches.get(channel)!))
      const known = found[channel]!.get(place) ?? { conversions: 0, value: 0 }
      known.conversions += conversions * share
      known.value += value * share
      found[channel]!.set(place, known)
    }
  }
  const isValued = paths.totals.value !== null
  return paths.channels.flatMap((channel, i) =>
    [...found[i]!]
      .sort(([a], [b]) => a - b)
      .map(([place, credit]) => ({
        channel,
        place,
        conversions: credit.conversions,
        value: isValued ? credit.value : null,
      })),
  )
}
