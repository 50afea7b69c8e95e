import { marginalOf } from './curve.ts'
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
const EXACT = 1e-12

/**
 * The spends within their bounds that add up to a budget and whose expected results are most: each where the next unit
 * brings λ. Bisection on ln λ, and for each campaign Newton's steps on its spend (E f′ falls and is convex).
 * @param budget between the sums of the bounds
 */
export function split(campaigns: readonly Bounded[], budget: number): Split {
  const all = campaigns.map(prepared)
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const { most, least } of all) {
    low = Math.min(low, Math.log(least))
    high = Math.max(high, Math.log(most))
  }
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2
    if (sum(all, Math.exp(middle)) > budget) low = middle
    else high = middle
  }
  const lambda = Math.exp((low + high) / 2)
  return { spends: settled(all, lambda, budget), lambda }
}

/** A campaign with what the next unit brings at its bounds. */
interface Prepared extends Bounded {
  readonly marginal: ReturnType<typeof marginalOf>
  readonly most: number
  readonly least: number
}

function prepared(one: Bounded): Prepared {
  const marginal = marginalOf(one.curve)
  return { ...one, marginal, most: marginal(one.lower).mean, least: marginal(one.upper).mean }
}

/** What all would spend if the next unit had to bring so much. */
export const totalAt = (campaigns: readonly Bounded[], lambda: number): number =>
  sum(campaigns.map(prepared), lambda)

const sum = (all: readonly Prepared[], lambda: number): number =>
  all.reduce((total, one) => total + spendAt(one, lambda), 0)

function spendAt({ lower, upper, marginal, most, least }: Prepared, lambda: number): number {
  if (least >= lambda) return upper
  if (most <= lambda) return lower
  // From below: steps on a convex curve never go past where it meets λ.
  let at = lower
  for (let i = 0; i < STEPS; i++) {
    const { mean, slope } = marginal(at)
    const step = (lambda - mean) / slope
    if (!(step > EXACT * at)) break
    at += step
  }
  return Math.min(upper, at)
}

/** Spends within their bounds, each by the same factor more or less than now, that add up to a budget. */
export function scaled(
  campaigns: readonly { readonly present: number; readonly lower: number; readonly upper: number }[],
  budget: number,
): number[] {
  const by = (factor: number) =>
    campaigns.map(({ present, lower, upper }) => Math.min(upper, Math.max(lower, factor * present)))
  let low = 0
  let high = campaigns.reduce((most, { present, upper }) => Math.max(most, upper / present), 0)
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2
    if (by(middle).reduce((a, b) => a + b, 0) < budget) low = middle
    else high = middle
  }
  return by(high)
}

/** What bisection leaves over goes to the campaigns in their order, as far as their bounds allow. */
function settled(campaigns: readonly Prepared[], lambda: number, budget: number): number[] {
  const spends = campaigns.map(one => spendAt(one, lambda))
  let left = budget - spends.reduce((a, b) => a + b, 0)
  for (const [i, { lower, upper }] of campaigns.entries()) {
    const spend = Math.min(upper, Math.max(lower, spends[i]! + left))
    left -= spend - spends[i]!
    spends[i] = spend
  }
  return spends
}

/**
 * Spends in whole minor units that add up to a budget of whole ones, the largest remainders rounded up first.
 * @param upper the most each may be, in whole ones; left out: any
 */
export function rounded(
  spends: readonly number[],
  budget: number,
  upper: readonly number[] = spends.map(() => Number.POSITIVE_INFINITY),
): number[] {
  // What bisection left a billionth below a whole one is that whole one.
  const whole = spends.map(spend => (isWhole(spend) ? Math.round(spend) : Math.floor(spend)))
  let left = Math.round(budget - whole.reduce((a, b) => a + b, 0))
  const order = spends
    .map((spend, i) => ({ i, rest: spend - whole[i]! }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (let before = Number.NaN; left > 0 && before !== left; ) {
    before = left
    for (const { i } of order) {
      if (left === 0) break
      if (whole[i]! >= upper[i]!) continue
      whole[i]!++
      left--
    }
  }
  return whole
}

const isWhole = (spend: number): boolean => Math.abs(spend - Math.round(spend)) < 1e-6
