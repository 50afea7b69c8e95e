import { type AvroSchema, type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'

const MONEY = [
  'gross_micros',
  'refunds_micros',
  'tax_micros',
  'net_revenue_micros',
  'covered_revenue_micros',
  'cogs_micros',
  'gross_profit_micros',
  'shipping_micros',
  'platform_fees_micros',
  'payment_fees_micros',
  'return_costs_micros',
  'contribution_micros',
  'fixed_costs_micros',
  'net_profit_micros',
  'spend_micros',
  'net_profit_after_ads_micros',
  'break_even_price_micros',
] as const
const RATIOS = [
  'cogs_coverage_pct',
  'profit_roas',
  'profit_roi',
  'contribution_roas',
  'break_even_roas',
] as const

/** Amounts and quotients of a row, in the order of the ladder. */
export const PROFIT_FIGURES = { money: MONEY, ratios: RATIOS }

/** What is left of a day's sales of a product, category, platform, campaign or all, at one revision. */
export interface ProfitDaily
  extends BaseRecord,
    Readonly<Record<(typeof MONEY)[number] | (typeof RATIOS)[number], number | null>> {
  readonly date: string
  readonly dimension: string
  readonly key: string
  readonly currency: string | null
  readonly spend_currency: string | null
  /** Sales and refunds without an amount: they are in none of the figures. */
  readonly unvalued: number
  readonly warnings: readonly string[]
  /** Why there is no profit on ad spend. */
  readonly reason: string | null
  readonly revision: number
}

export const profitDailyKind = defineKind<ProfitDaily>('profit_daily', [
  field('date', 'string', "Day of the sale, in the property's zone"),
  field('dimension', 'string', 'account, product, category, platform, campaign'),
  field('key', 'string', 'Empty for the account'),
  ...MONEY.map(name => field(name, nullable('long'))),
  ...RATIOS.map(name => field(name, nullable('double'))),
  field('currency', nullable('string')),
  field('spend_currency', nullable('string')),
  field('unvalued', 'long', 'Sales and refunds without an amount'),
  field('warnings', { type: 'array', items: 'string' } as AvroSchema),
  field('reason', nullable('string'), 'Why there is no profit on ad spend'),
  field('revision', 'long'),
])
