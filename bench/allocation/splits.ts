/** A campaign's present spend and the bounds that every split keeps. */
export interface Place {
  readonly present: number
  readonly lower: number
  readonly upper: number
}

const STEPS = 100
const total = (spends: readonly number[]): number => spends.reduce((sum, spend) => sum + spend, 0)

/** Spends in proportion to weights, each within its bounds, that add up to what is spent now. */
export function inProportion(places: readonly Place[], weights: readonly number[]): number[] {
  const budget = total(places.map(({ present }) => present))
  const at = (factor: number) =>
    places.map(({ lower, upper }, i) => Math.min(upper, Math.max(lower, factor * weights[i]!)))
  let [low, high] = [0, 1]
  while (total(at(high)) < budget && high < 1e18) high *= 2
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2
    if (total(at(middle)) < budget) low = middle
    else high = middle
  }
  return at(high)
}

/** The best there is where each unit of a campaign brings the same: the better ones get as much as they may. */
export function best(places: readonly Place[], worth: readonly number[]): number[] {
  const spends = places.map(({ lower }) => lower)
  let left = total(places.map(({ present }) => present)) - total(spends)
  const order = places.map((_, i) => i).sort((a, b) => worth[b]! - worth[a]!)
  for (const i of order) {
    const more = Math.min(left, places[i]!.upper - places[i]!.lower)
    spends[i]! += more
    left -= more
  }
  return spends
}
