import type { Costs } from './costs.ts'

/** Sales of one thing on one day, with what they cost. Money in micros of one currency. */
export interface Sale {
  readonly units: number
  readonly gross_micros: number
  readonly refunds_micros: number
  readonly tax_micros: number
  readonly costs: Costs
}

/** From gross revenue to what is left. */
export interface Ladder {
  readonly gross_micros: number
  readonly refunds_micros: number
  readonly tax_micros: number
  readonly net_revenue_micros: number
  /** Of sales whose COGS are known; everything below is of these alone. */
  readonly covered_revenue_micros: number
  readonly cogs_micros: number | null
  readonly gross_profit_micros: number | null
  readonly shipping_micros: number | null
  readonly platform_fees_micros: number | null
  readonly payment_fees_micros: number | null
  readonly return_costs_micros: number | null
  readonly contribution_micros: number | null
  /** Share of the net revenue whose COGS are known; null: there is none. */
  readonly cogs_coverage_pct: number | null
  /** `MARGIN_CONFLICT`: stated COGS and the stated margin are more than a percentage point apart. */
  readonly warnings: readonly 'MARGIN_CONFLICT'[]
}

const CONFLICT = 0.01

/** Sales added up: whole numbers, so that what is taken back leaves no trace. Plain JSON. */
export interface LadderSums {
  sales: number
  gross: number
  refunds: number
  tax: number
  /** Of those whose COGS are known: how many, and what is below their net revenue. */
  covered: number
  coveredNet: number
  cogs: number
  shipping: number
  platformFees: number
  paymentFees: number
  returns: number
  conflicts: number
  /** Of units whose COGS are stated: what they cost, and millionths of their price that fees leave (`breakEvenPrice`). */
  unitCosts: number
  kept: number
}

/** Sales without known COGS are left out below the net revenue, never taken for 0. */
export function sumsOf(sale: Sale): LadderSums {
  const { units, costs } = sale
  const net = netOf(sale)
  const cogs = cogsOf(sale)
  const below = cogs === null ? 0 : 1
  const stated = costs.cogs_micros
  const back = (costs.return_rate ?? 0) * (costs.return_cost_micros ?? 0)
  const fees = (costs.platform_fee_pct ?? 0) + (costs.payment_fee_pct ?? 0)
  return {
    sales: 1,
    gross: sale.gross_micros,
    refunds: sale.refunds_micros,
    tax: sale.tax_micros,
    covered: below,
    coveredNet: below * net,
    cogs: cogs ?? 0,
    shipping: below * Math.round(units * (costs.shipping_micros ?? 0)),
    platformFees: below * Math.round(net * (costs.platform_fee_pct ?? 0)),
    paymentFees: below * Math.round(net * (costs.payment_fee_pct ?? 0)),
    returns: below * returnCosts(sale),
    conflicts: isConflicting(sale) ? 1 : 0,
    unitCosts: stated === null ? 0 : Math.round(units * (stated + (costs.shipping_micros ?? 0) + back)),
    kept: stated === null ? 0 : Math.round(units * (1 - fees) * 1e6),
  }
}

/** Takes sums in, in place; `by` -1 takes them back. Those that an older release kept lack the younger names. */
export function addSums(all: LadderSums, more: Readonly<Partial<LadderSums>>, by: 1 | -1 = 1): LadderSums {
  for (const name of NAMES) all[name] = (all[name] ?? 0) + by * (more[name] ?? 0)
  return all
}

export const noSums = (): LadderSums => ({
  sales: 0,
  gross: 0,
  refunds: 0,
  tax: 0,
  covered: 0,
  coveredNet: 0,
  cogs: 0,
  shipping: 0,
  platformFees: 0,
  paymentFees: 0,
  returns: 0,
  conflicts: 0,
  unitCosts: 0,
  kept: 0,
})

const NAMES = Object.keys(noSums()) as (keyof LadderSums)[]

/** The ladder of some sales, added up. */
export const ladder = (sales: readonly Sale[]): Ladder =>
  ladderOf(sales.reduce((all, sale) => addSums(all, sumsOf(sale)), noSums()))

/** The ladder that sums come to. */
export function ladderOf(sums: Readonly<LadderSums>): Ladder {
  const net = sums.gross - sums.refunds - sums.tax
  const top = {
    gross_micros: sums.gross,
    refunds_micros: sums.refunds,
    tax_micros: sums.tax,
    net_revenue_micros: net,
    covered_revenue_micros: sums.coveredNet,
    cogs_coverage_pct: net > 0 ? Math.min(100, Math.max(0, (100 * sums.coveredNet) / net)) : null,
    warnings: sums.conflicts > 0 ? (['MARGIN_CONFLICT'] as const) : [],
  }
  if (sums.covered === 0) return { ...top, ...NOT_KNOWN }
  const gross = sums.coveredNet - sums.cogs
  return {
    ...top,
    cogs_micros: sums.cogs,
    gross_profit_micros: gross,
    shipping_micros: sums.shipping,
    platform_fees_micros: sums.platformFees,
    payment_fees_micros: sums.paymentFees,
    return_costs_micros: sums.returns,
    contribution_micros: gross - sums.shipping - sums.platformFees - sums.paymentFees - sums.returns,
  }
}

const NOT_KNOWN = {
  cogs_micros: null,
  gross_profit_micros: null,
  shipping_micros: null,
  platform_fees_micros: null,
  payment_fees_micros: null,
  return_costs_micros: null,
  contribution_micros: null,
} as const

/** Refunds are out of the revenue here; a return rate costs its handling alone, so nothing is taken off twice. */
export const netOf = ({ gross_micros, refunds_micros, tax_micros }: Sale): number =>
  gross_micros - refunds_micros - tax_micros

const returnCosts = ({ units, costs }: Sale): number =>
  Math.round(units * (costs.return_rate ?? 0) * (costs.return_cost_micros ?? 0))

/** What goods were sold for. A refund gives money back, not the goods: they cost what they cost, however that is known. */
const soldFor = ({ gross_micros, tax_micros }: Sale): number => gross_micros - tax_micros

/** Stated COGS; else by the margin of what was sold; null: neither is known. */
function cogsOf(sale: Sale): number | null {
  const { cogs_micros: stated, margin_type, margin_value } = sale.costs
  if (stated !== null) return Math.round(sale.units * stated)
  if (margin_value === null) return null
  const sold = soldFor(sale)
  return Math.round(margin_type === 'FIXED' ? sold - sale.units * margin_value : sold * (1 - margin_value))
}

function isConflicting(sale: Sale): boolean {
  const { cogs_micros: stated, margin_type, margin_value } = sale.costs
  const sold = soldFor(sale)
  if (stated === null || margin_value === null || !(sold > 0)) return false
  const margin = margin_type === 'FIXED' ? (sale.units * margin_value) / sold : margin_value
  return Math.abs((sold - sale.units * stated) / sold - margin) > CONFLICT
}
