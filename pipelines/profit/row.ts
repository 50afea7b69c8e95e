import { only } from '../by-currency.ts'
import { ladderOf, noSums } from './model/ladder.ts'
import { breakEvenPrice, returnsOf } from './model/returns.ts'
import type { CellState, ProfitDimension } from './state.ts'

/** Why there is no profit on ad spend. */
export type NoProfit =
  | 'SEVERAL_CURRENCIES'
  | 'REVENUE_UNKNOWN'
  | 'COGS_UNKNOWN'
  | 'FIXED_COSTS_OF_ACCOUNT'
  | 'SPEND_NOT_BY_PRODUCT'
  | 'SPEND_UNKNOWN'
  | 'NO_SPEND'
  | 'OTHER_CURRENCY'

/** Fixed costs of a day: null where none are stated, and the currency they are in. */
export interface Fixed {
  readonly micros: number | null
  readonly currency: string | null
}

const NOTHING_SOLD = { ...noSums(), covered: 1 }

/** What a row says. Amounts of several currencies are not added; fixed costs are the account's alone. */
export function rowOf(cell: CellState, dimension: ProfitDimension, fixed: Fixed) {
  const [currency, sums, currencies] = only(cell.money)
  const [spendCurrency, spent, spends] = only(cell.spend)
  const nothingSold = currencies === 0 && cell.unvalued === 0
  const isByAd = dimension !== 'product' && dimension !== 'category'
  const spend = isByAd ? (spent?.micros ?? null) : null
  const made = sums ? ladderOf(sums) : nothingSold ? ladderOf(NOTHING_SOLD) : null
  const isOtherMoney = currency !== null && spendCurrency !== null && currency !== spendCurrency
  const isOtherFixed = fixed.micros !== null && currency !== null && fixed.currency !== currency
  const ofLevel = fixed.micros === null ? 0 : dimension === 'account' && !isOtherFixed ? fixed.micros : null
  const returns = made && returnsOf(made, ofLevel, isOtherMoney ? null : spend)
  return {
    ...(made ?? NOT_KNOWN),
    ...(returns ?? NO_RETURNS),
    fixed_costs_micros: dimension === 'account' ? fixed.micros : null,
    break_even_price_micros: sums && dimension === 'product' ? breakEvenPrice(sums) : null,
    spend_micros: spend,
    currency: currency ?? (currencies === 0 ? spendCurrency : null),
    spend_currency: isByAd ? spendCurrency : null,
    unvalued: cell.unvalued,
    reason: ((): NoProfit | null => {
      if (currencies > 1 || (isByAd && spends > 1)) return 'SEVERAL_CURRENCIES'
      if (made === null) return 'REVENUE_UNKNOWN'
      if (made.contribution_micros === null) return 'COGS_UNKNOWN'
      if (!isByAd) return 'SPEND_NOT_BY_PRODUCT'
      if (isOtherMoney || isOtherFixed) return 'OTHER_CURRENCY'
      if (returns!.net_profit_micros === null) return 'FIXED_COSTS_OF_ACCOUNT'
      if (spend === null) return 'SPEND_UNKNOWN'
      return spend > 0 ? null : 'NO_SPEND'
    })(),
  }
}

const NOT_KNOWN = {
  gross_micros: null,
  refunds_micros: null,
  tax_micros: null,
  net_revenue_micros: null,
  covered_revenue_micros: null,
  cogs_micros: null,
  gross_profit_micros: null,
  shipping_micros: null,
  platform_fees_micros: null,
  payment_fees_micros: null,
  return_costs_micros: null,
  contribution_micros: null,
  cogs_coverage_pct: null,
  warnings: [],
} as const

const NO_RETURNS = {
  net_profit_micros: null,
  net_profit_after_ads_micros: null,
  profit_roas: null,
  profit_roi: null,
  contribution_roas: null,
  break_even_roas: null,
} as const
