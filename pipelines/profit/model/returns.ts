import type { Ladder, LadderSums } from './ladder.ts'

/** What ads earned beyond what things cost. A division by nothing is null. */
export interface ProfitReturns {
  /** Contribution less fixed costs, before ads; null: fixed costs are not of this level. */
  readonly net_profit_micros: number | null
  readonly net_profit_after_ads_micros: number | null
  /** Net profit ÷ ad spend; break-even is 1. */
  readonly profit_roas: number | null
  readonly profit_roi: number | null
  /** Contribution ÷ ad spend. */
  readonly contribution_roas: number | null
  /** Revenue a unit of spend has to bring. Null: each sale loses. */
  readonly break_even_roas: number | null
}

/**
 * @param fixed fixed costs that are this level's share, micros (`shareOut`); null: they are of the account alone
 * @param spend ad spend, micros; null: not known
 */
export function returnsOf(made: Ladder, fixed: number | null, spend: number | null): ProfitReturns {
  const { contribution_micros: contribution, covered_revenue_micros: revenue } = made
  const net = contribution === null || fixed === null ? null : contribution - fixed
  const per = (amount: number | null) =>
    amount === null || spend === null || !(spend > 0) ? null : amount / spend
  const profitRoas = per(net)
  return {
    net_profit_micros: net,
    net_profit_after_ads_micros: net === null || spend === null ? null : net - spend,
    profit_roas: profitRoas,
    profit_roi: profitRoas === null ? null : profitRoas - 1,
    contribution_roas: per(contribution),
    break_even_roas: contribution === null || !(contribution > 0) ? null : revenue / contribution,
  }
}

/**
 * The price at which what was sold would have earned nothing, micros: `Σ units · (COGS + shipping + returns) / Σ units ·
 * (1 − fees)`, since each place it is sold at has costs of its own. Null: nothing was sold of which COGS are stated, or
 * fees take everything.
 */
export const breakEvenPrice = ({ unitCosts, kept }: Pick<LadderSums, 'unitCosts' | 'kept'>): number | null =>
  kept > 0 ? Math.round(unitCosts / (kept / 1e6)) : null

/**
 * Fixed costs by revenue share, in whole micros that add up to them: the largest remainders are rounded up first, in their
 * order. Who has no revenue has no share; where nobody has, nobody has one.
 */
export function shareOut(fixed: number, revenues: readonly number[]): number[] {
  const weights = revenues.map(revenue => Math.max(0, revenue))
  const all = weights.reduce((a, b) => a + b, 0)
  if (!(all > 0)) return weights.map(() => 0)
  const exact = weights.map(weight => fixed * (weight / all))
  const shares = exact.map(Math.floor)
  const left = fixed - shares.reduce((a, b) => a + b, 0)
  const order = exact
    .map((x, i) => ({ i, rest: x - Math.floor(x) }))
    .filter(({ i }) => weights[i]! > 0)
    .sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (let k = 0; k < left; k++) shares[order[k % order.length]!.i]!++
  return shares
}
