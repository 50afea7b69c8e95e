import fc from 'fast-check'
import t from 'tap'
import { type CostConfig, type Costs, costBook, costsOn } from '../../../pipelines/profit/model/costs.ts'
import { ladder, type Sale, sumsOf } from '../../../pipelines/profit/model/ladder.ts'
import { breakEvenPrice, returnsOf, shareOut } from '../../../pipelines/profit/model/returns.ts'

const cents = (n: number) => n * 10_000
const nothing: Costs = {
  cogs_micros: null,
  margin_type: null,
  margin_value: null,
  shipping_micros: null,
  platform_fee_pct: null,
  payment_fee_pct: null,
  return_rate: null,
  return_cost_micros: null,
}
/** The document's margin configuration. */
const documents: Costs = {
  ...nothing,
  cogs_micros: cents(2500),
  margin_type: 'PERCENTAGE',
  margin_value: 0.35,
  shipping_micros: cents(500),
  platform_fee_pct: 0.15,
  payment_fee_pct: 0.029,
}
const sale = (price: number, costs: Costs, units = 1): Sale => ({
  units,
  gross_micros: cents(price) * units,
  refunds_micros: 0,
  tax_micros: 0,
  costs,
})

t.test("the document's product at 50.00", async t => {
  const made = ladder([sale(5000, documents)])
  t.equal(made.gross_profit_micros, cents(2500))
  t.equal(made.contribution_micros, cents(1105))
  t.same(made.warnings, ['MARGIN_CONFLICT'], '50 % against 35 %')
  t.equal(made.cogs_coverage_pct, 100)
  const { break_even_roas, profit_roas, profit_roi, net_profit_after_ads_micros } = returnsOf(
    made,
    0,
    cents(1000),
  )
  t.ok(Math.abs(break_even_roas! - 4.525) < 5e-4)
  t.ok(Math.abs(profit_roas! - 1.105) < 1e-12)
  t.ok(Math.abs(profit_roi! - 0.105) < 1e-12)
  t.equal(net_profit_after_ads_micros, cents(105))
})

t.test('its break-even price is 36.54, and there nothing is left', async t => {
  const priceOf = (costs: Costs) => breakEvenPrice(sumsOf(sale(5000, costs)))
  t.equal(Math.round(priceOf(documents)! / 10_000), 3654)
  const price = priceOf(documents)!
  const made = ladder([{ ...sale(0, documents), gross_micros: price }])
  t.ok(Math.abs(made.contribution_micros!) <= 2)
  t.equal(returnsOf(ladder([sale(3600, documents)]), 0, 1).break_even_roas, null, 'each sale loses')
  t.equal(priceOf({ ...documents, platform_fee_pct: 1 }), null)
  t.equal(priceOf(nothing), null)
})

t.test('margin and COGS agree at 38.46, where 4.1 % is left and break-even ROAS is 24.4', async t => {
  const made = ladder([sale(3846, documents)])
  t.same(made.warnings, [])
  t.equal(((100 * made.contribution_micros!) / made.net_revenue_micros).toFixed(1), '4.1')
  t.equal(returnsOf(made, 0, 1).break_even_roas!.toFixed(1), '24.4')
})

t.test('COGS that nobody knows are left out, and said', async t => {
  const made = ladder([sale(5000, documents), sale(15_000, nothing)])
  t.equal(made.cogs_coverage_pct, 25)
  t.equal(made.contribution_micros, cents(1105))
  t.equal(made.net_revenue_micros, cents(20_000))
  const none = ladder([sale(15_000, nothing)])
  t.equal(none.contribution_micros, null)
  t.equal(none.cogs_coverage_pct, 0)
  t.same(Object.values(returnsOf(none, 0, 5)), [null, null, null, null, null, null])
  t.equal(ladder([]).cogs_coverage_pct, null)
})

t.test('a margin stands in for COGS; refunds and returns are not taken off twice', async t => {
  t.equal(
    ladder([sale(1000, { ...nothing, margin_type: 'PERCENTAGE', margin_value: 0.35 })]).cogs_micros,
    cents(650),
  )
  const fixed = { ...nothing, margin_type: 'FIXED', margin_value: cents(300) } as const
  t.equal(ladder([sale(1000, fixed, 2)]).cogs_micros, cents(1400))
  const back = { ...nothing, cogs_micros: 0, return_rate: 0.1, return_cost_micros: cents(400) }
  const made = ladder([{ ...sale(1000, back, 10), refunds_micros: cents(1000), tax_micros: cents(500) }])
  t.equal(made.net_revenue_micros, cents(8500))
  t.equal(made.return_costs_micros, cents(400))
  t.equal(made.contribution_micros, cents(8100))
})

t.test(
  'the goods of a refund were taken back with a margin, and were not with COGS of the same amount',
  async t => {
    const back = (costs: Costs): Sale => ({ ...sale(0, costs, 0), refunds_micros: cents(10_000) })
    const both = (costs: Costs) => {
      const apart = ladder([sale(10_000, costs), back(costs)])
      t.match(
        ladder([{ ...sale(10_000, costs), refunds_micros: cents(10_000) }]),
        apart,
        'in one line or two',
      )
      return apart
    }
    const lost = {
      net_revenue_micros: 0,
      covered_revenue_micros: 0,
      cogs_micros: cents(6500),
      contribution_micros: -cents(6500),
      warnings: [],
    }
    t.match(both({ ...nothing, cogs_micros: cents(6500) }), lost)
    t.match(both({ ...nothing, margin_type: 'PERCENTAGE', margin_value: 0.35 }), lost)
    t.match(both({ ...nothing, margin_type: 'FIXED', margin_value: cents(3500) }), lost)
    const agreed = {
      ...nothing,
      cogs_micros: cents(6500),
      margin_type: 'PERCENTAGE',
      margin_value: 0.35,
    } as const
    t.match(both(agreed), lost, 'a refund is no conflict of the two')
  },
)

t.test('nothing was spent on ads: no return, never infinite', async t => {
  const made = ladder([sale(5000, documents)])
  t.match(returnsOf(made, 0, 0), { profit_roas: null, profit_roi: null, contribution_roas: null })
  t.match(returnsOf(made, 0, null), { profit_roas: null, net_profit_after_ads_micros: null })
  t.match(returnsOf(made, null, 5), {
    net_profit_micros: null,
    contribution_roas: made.contribution_micros! / 5,
  })
})

const config = (change: Partial<CostConfig>): CostConfig => ({
  ...nothing,
  scope: 'TENANT',
  key: null,
  from: '2026-01-01',
  to: null,
  ...change,
})

t.test('each cost is from the most specific scope that states it, on its day', async t => {
  const book = costBook([
    config({ shipping_micros: 1, margin_type: 'PERCENTAGE', margin_value: 0.2, return_rate: 0.05 }),
    config({ scope: 'PLATFORM', key: 'shop', platform_fee_pct: 0.1, shipping_micros: 2 }),
    config({ scope: 'CATEGORY', key: 'shoes', shipping_micros: 3 }),
    config({ scope: 'PRODUCT', key: 'a', cogs_micros: 10, to: '2026-02-01' }),
    config({ scope: 'PRODUCT', key: 'a', cogs_micros: 12, from: '2026-02-01' }),
  ])
  const a = { product: 'a', category: 'shoes', platform: 'shop' }
  t.match(costsOn(book, a, '2026-01-31'), {
    cogs_micros: 10,
    margin_value: null,
    shipping_micros: 3,
    platform_fee_pct: 0.1,
    payment_fee_pct: null,
    return_rate: 0.05,
  })
  t.equal(costsOn(book, a, '2026-02-01').cogs_micros, 12)
  t.match(costsOn(book, { ...a, product: 'b' }, '2026-02-01'), { cogs_micros: null, margin_value: 0.2 })
  t.match(costsOn(book, a, '2025-12-31'), nothing, 'before any')
})

t.test('costs that cannot be are refused', async t => {
  const refused = (configs: CostConfig[], why: RegExp) =>
    t.throws(() => costBook(configs), { code: 'RECORD_INVALID', message: why })
  refused([config({ platform_fee_pct: 15 })], /platform_fee_pct is a fraction/)
  refused([config({ payment_fee_pct: Number.NaN })], /payment_fee_pct is a fraction/)
  refused([config({ cogs_micros: -1 })], /cogs_micros is a whole number/)
  refused([config({ margin_value: 0.3 })], /stated together/)
  refused([config({ margin_type: 'PERCENTAGE', margin_value: 35 })], /margin_value is a fraction/)
  refused([config({ to: '2026-01-01' })], /no day is left/)
  refused([config({}), config({ from: '2026-03-01' })], /those from 2026-01-01 still hold on 2026-03-01/)
  refused([config({ scope: 'PRODUCT' })], /has a key/)
})

t.test('fixed costs are shared out to the last micro', async t => {
  t.same(shareOut(100, [1, 1, 1]), [34, 33, 33])
  t.same(shareOut(100, [0, 0]), [0, 0])
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e12 }),
      fc.array(fc.integer({ min: -5, max: 1e9 }), { minLength: 1, maxLength: 20 }),
      (fixed, revenues) => {
        const shares = shareOut(fixed, revenues)
        const sum = shares.reduce((a, b) => a + b, 0)
        return (
          sum === (revenues.some(r => r > 0) ? fixed : 0) &&
          shares.every((s, i) => s >= 0 && (revenues[i]! > 0 || s === 0))
        )
      },
    ),
  )
})

t.test('ladders add up: sales in any order, in any parts', async () => {
  const amount = fc.integer({ min: 0, max: 1e9 })
  const any = fc.tuple(amount, amount, fc.boolean()).map(
    ([gross, cogs, isKnown]): Sale => ({
      units: 1,
      gross_micros: gross,
      refunds_micros: 0,
      tax_micros: 0,
      costs: { ...documents, cogs_micros: isKnown ? cogs : null, margin_type: null, margin_value: null },
    }),
  )
  fc.assert(
    fc.property(fc.array(any, { maxLength: 10 }), fc.array(any, { maxLength: 10 }), (a, b) => {
      const sum = (ladder(a).contribution_micros ?? 0) + (ladder(b).contribution_micros ?? 0)
      return (ladder([...b, ...a]).contribution_micros ?? 0) === sum
    }),
  )
})
