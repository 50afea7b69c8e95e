import type { Change } from '../change.ts'
import type { Facts } from '../enforcement/facts.ts'
import { perDay } from '../enforcement/proposal.ts'

/**
 * What a change moves a day, gross and whatever its direction, in micros of the account's currency; null: not known.
 * Rounded up, so that no sum of them is too small. Source: autopilot.md §3.
 */
export function moneyOf({ type, field, before, after }: Change, facts: Facts): number | null {
  const { budget, mean_spend_micros: spend } = facts
  if (typeof before === 'number' && typeof after === 'number') {
    const much = Math.abs(after - before)
    if (field === 'budget') return up(perDay(much, budget))
    return before > 0 && spend !== null ? shareUp(spend, much, before) : null
  }
  return type.endsWith('_ENABLE') ? up(perDay(budget.micros, budget)) : spend
}

const up = (micros: number | null): number | null => (micros === null ? null : Math.ceil(micros))

/** ⌈whole·part ÷ of⌉: the product has no place in a double. */
const shareUp = (whole: number, part: number, of: number): number => {
  const [product, divisor] = [BigInt(Math.ceil(whole)) * BigInt(Math.ceil(part)), BigInt(Math.floor(of))]
  return Number((product + divisor - 1n) / divisor)
}

/** ⌊whole·percent ÷ 100⌋, the percent to its sixth decimal. */
export const percentOf = (whole: number, percent: number): number =>
  Number((BigInt(Math.floor(whole)) * BigInt(Math.round(percent * 1e6))) / 100_000_000n)
