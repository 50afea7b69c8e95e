import { meanMarginal } from './curve.ts'
import type { Curve } from './fit.ts'

/** A campaign with the spends it may have. */
export interface Bounded {
  readonly curve: Curve
  readonly lower: number
  readonly upper: number
}

export interface Split {
  /** In the order of the campaigns. */
  readonly spends: readonly number[]
  /** What the next unit of budget is worth. */
  readonly lambda: number
}

const STEPS = 80

/**
 * The spends within their bounds that add up to a budget and whose expected results are most: each where the next unit
 * brings λ. Bisection on ln λ, and for each campaign on its spend (E f′ falls).
 * @param budget between the sums of the bounds
 */
export function split(campaigns: readonly Bounded[], budget: number): Split {
  const ends = campaigns.flatMap(({ curve, lower, upper }) => [
    Math.log(meanMarginal(curve, lower)),
    Math.log(meanMarginal(curve, upper)),
  ])
  let low = Math.min(...ends)
  let high = Math.max(...ends)
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2
    if (totalAt(campaigns, Math.exp(middle)) > budget) low = middle
    else high = middle
  }
  const lambda = Math.exp((low + high) / 2)
  return { spends: settled(campaigns, lambda, budget), lambda }
}

/** What all would spend if the next unit had to bring so much. */
export const totalAt = (campaigns: readonly Bounded[], lambda: number): number =>
  campaigns.reduce((sum, one) => sum + spendAt(one, lambda), 0)

function spendAt({ curve, lower, upper }: Bounded, lambda: number): number {
  if (meanMarginal(curve, upper) >= lambda) return upper
  if (meanMarginal(curve, lower) <= lambda) return lower
  let [low, high] = [lower, upper]
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2
    if (meanMarginal(curve, middle) > lambda) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** What bisection leaves over goes to the campaigns in their order, as far as their bounds allow. */
function settled(campaigns: readonly Bounded[], lambda: number, budget: number): number[] {
  const spends = campaigns.map(one => spendAt(one, lambda))
  let left = budget - spends.reduce((a, b) => a + b, 0)
  for (const [i, { lower, upper }] of campaigns.entries()) {
    const spend = Math.min(upper, Math.max(lower, spends[i]! + left))
    left -= spend - spends[i]!
    spends[i] = spend
  }
  return spends
}

/** Spends in whole minor units that add up to a budget of whole ones, the largest remainders rounded up first. */
export function rounded(spends: readonly number[], budget: number): number[] {
  const whole = spends.map(Math.floor)
  const left = Math.round(budget - whole.reduce((a, b) => a + b, 0))
  const order = spends
    .map((spend, i) => ({ i, rest: spend - Math.floor(spend) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (let k = 0; k < left; k++) whole[order[k % order.length]!.i]!++
  return whole
}
