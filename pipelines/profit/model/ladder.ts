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

/** The ladder of some sales, added up. Sales without known COGS are left out below the net revenue, never taken for 0. */
export function ladder(sales: readonly Sale[]): Ladder {
  const sum = (of: (sale: Sale) => number, from = sales) => from.reduce((all, sale) => all + of(sale), 0)
  const covered = sales.filter(sale => cogsOf(sale) !== null)
  const net = sum(netOf)
  const coveredNet = sum(netOf, covered)
  const top = {
    gross_micros: sum(sale => sale.gross_micros),
    refunds_micros: sum(sale => sale.refunds_micros),
    tax_micros: sum(sale => sale.tax_micros),
    net_revenue_micros: net,
    covered_revenue_micros: coveredNet,
    cogs_coverage_pct: net > 0 ? Math.min(100, Math.max(0, (100 * coveredNet) / net)) : null,
    warnings: sales.some(isConflicting) ? (['MARGIN_CONFLICT'] as const) : [],
  }
  if (covered.length === 0) return { ...top, ...NOT_KNOWN }
  const cogs = sum(sale => cogsOf(sale)!, covered)
  const shipping = sum(sale => Math.round(sale.units * (sale.costs.shipping_micros ?? 0)), covered)
  const platform = sum(sale => Math.round(netOf(sale) * (sale.costs.platform_fee_pct ?? 0)), covered)
  const payment = sum(sale => Math.round(netOf(sale) * (sale.costs.payment_fee_pct ?? 0)), covered)
  const returns = sum(returnCosts, covered)
  return {
    ...top,
    cogs_micros: cogs,
    gross_profit_micros: coveredNet - cogs,
    shipping_micros: shipping,
    platform_fees_micros: platform,
    payment_fees_micros: payment,
    return_costs_micros: returns,
    contribution_micros: coveredNet - cogs - shipping - platform - payment - returns,
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

/** Stated COGS; else by the margin; null: neither is known. */
function cogsOf(sale: Sale): number | null {
  const { cogs_micros: stated, margin_type, margin_value } = sale.costs
  if (stated !== null) return Math.round(sale.units * stated)
  if (margin_value === null) return null
  const net = netOf(sale)
  return Math.round(margin_type === 'FIXED' ? net - sale.units * margin_value : net * (1 - margin_value))
}

function isConflicting(sale: Sale): boolean {
  const { cogs_micros: stated, margin_type, margin_value } = sale.costs
  const net = netOf(sale)
  if (stated === null || margin_value === null || !(net > 0)) return false
  const margin = margin_type === 'FIXED' ? (sale.units * margin_value) / net : margin_value
  return Math.abs((net - sale.units * stated) / net - margin) > CONFLICT
}
