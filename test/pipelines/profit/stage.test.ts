import fc from 'fast-check'
import t from 'tap'
import { adEntity } from '../../../pipelines/ad-entities/said.ts'
import { saidFact } from '../../../pipelines/current/fact.ts'
import type { EventFact } from '../../../pipelines/ingest/facts.ts'
import { type ProfitDaily, profitDailyKind } from '../../../pipelines/profit/kinds.ts'
import { fixedOn } from '../../../pipelines/profit/model/fixed.ts'
import { linesOf } from '../../../pipelines/profit/model/lines.ts'
import { ask, command } from '../commands.ts'
import { event, noon, report, told } from '../facts.ts'
import { Row, type Told } from '../row.ts'

const cents = (n: number) => n * 10_000
let n = 0
const purchase = (micros: number | null, more: Partial<EventFact> = {}): Told =>
  told.event(
    event({
      ...{ event_id: `e${++n}`, event_name: 'purchase', transaction_id: `t${n}`, currency: 'EUR' },
      ...{ value_micros: micros, items: '{"item_id":"SKU-12345"}', traffic_source: 'facebook' },
      ...{ traffic_medium: 'cpc', page_location: 'https://shop.example/?utm_id=c' },
      ...more,
    }),
  )
const refund = (micros: number, more: Partial<EventFact> = {}) =>
  purchase(micros, { event_name: 'refund', ...more })
const spent = (micros: number | null, more = {}): Told =>
  told.report(report({ date: '2026-01-15', campaign_id: 'c', spend_micros: micros, ...more }))
const campaign = (id: string, name: string): Told => ({
  kind: adEntity.kind,
  value: saidFact(
    adEntity,
    {
      ...{
        platform: 'meta',
        level: 'campaign',
        account_id: 'act',
        campaign_id: id,
        adset_id: null,
        ad_id: null,
      },
      ...{ name, status: 'ACTIVE', platform_status: null, objective: null, budget_micros: null },
      ...{
        budget_kind: null,
        bid_micros: null,
        bid_strategy: null,
        currency: null,
        zone: null,
        as_of: noon(),
      },
    },
    'demo',
    'meta',
    noon(),
  ) as never,
})
const costs = (change: unknown): Told => command('settings.set', { subject: 'costs', change })
/** The document's margin configuration. */
const documents = {
  scope: 'PRODUCT',
  key: 'SKU-12345',
  cogs_micros: cents(2500),
  margin_type: 'PERCENTAGE',
  margin_value: 0.35,
  shipping_micros: cents(500),
  platform_fee_pct: 0.15,
  payment_fee_pct: 0.029,
}
const open = () => Row.open('tenant', 'facts')
let at = 120
const tick = () => told.tick(noon(++at))

function current(row: Row): Record<string, ProfitDaily> {
  const latest: Record<string, ProfitDaily> = {}
  for (const one of row.of<ProfitDaily>(profitDailyKind)) {
    const key = `${one.dimension} ${one.key}`.trim()
    t.ok(one.revision > (latest[key]?.revision ?? 0), 'revisions grow')
    latest[key] = one
  }
  return latest
}

t.test("the document's product at 50.00, through the stage", async t => {
  const row = await open()
  t.match(ask(row, costs({ currency: 'EUR', costs: [documents] })), { accepted: true })
  row.feed(purchase(cents(5000)), spent(cents(1000)))
  row.feed(tick())
  const rows = current(row)
  t.same(Object.keys(rows).sort(), [
    'account',
    'campaign c',
    'category (none)',
    'platform meta',
    'product SKU-12345',
  ])
  for (const name of ['account', 'campaign c', 'platform meta']) {
    const one = rows[name]!
    t.match(one, {
      ...{ gross_micros: cents(5000), net_revenue_micros: cents(5000), gross_profit_micros: cents(2500) },
      ...{
        contribution_micros: cents(1105),
        net_profit_micros: cents(1105),
        net_profit_after_ads_micros: cents(105),
      },
      ...{ cogs_coverage_pct: 100, warnings: ['MARGIN_CONFLICT'], currency: 'EUR', reason: null },
    })
    t.equal(one.profit_roas, 1.105)
    t.equal(one.contribution_roas, 1.105)
    t.ok(Math.abs(one.break_even_roas! - 4.525) < 5e-4)
  }
  const product = rows['product SKU-12345']!
  t.equal(Math.round(product.break_even_price_micros! / 10_000), 3654)
  t.match(product, { spend_micros: null, profit_roas: null, reason: 'SPEND_NOT_BY_PRODUCT' })
})

t.test('the break-even price of a product was that of whichever connector sold it last', async t => {
  const scopes = [
    { scope: 'PRODUCT', key: 'SKU-12345', cogs_micros: cents(1000) },
    { scope: 'PLATFORM', key: 'ga4', shipping_micros: cents(100), platform_fee_pct: 0.2 },
    { scope: 'PLATFORM', key: 'webhook', shipping_micros: cents(500) },
  ]
  const price = async (...sold: Told[]) => {
    const row = await open()
    ask(row, costs({ currency: 'EUR', costs: scopes }))
    row.feed(...sold, tick())
    const rows = current(row)
    t.equal(rows.account!.break_even_price_micros, null, 'of products alone')
    return rows['product SKU-12345']!.break_even_price_micros
  }
  const here = () => purchase(cents(5000))
  const there = () => purchase(cents(5000), { source: 'webhook' })
  t.equal(await price(here(), there()), Math.round(cents(2600) / 1.8))
  t.equal(await price(there(), here()), Math.round(cents(2600) / 1.8))
  t.equal(await price(there(), here(), here()), Math.round(cents(3700) / 2.6), 'by what was sold')
  t.equal(await price(refund(cents(100))), null, 'nothing was')
})

t.test('costs that nobody stated are not 0, and the coverage says so', async t => {
  const row = await open()
  ask(row, costs({ currency: 'EUR', costs: [documents] }))
  row.feed(purchase(cents(5000)), purchase(cents(15_000), { items: null }))
  row.feed(tick())
  const rows = current(row)
  t.match(rows.account, { cogs_coverage_pct: 25, contribution_micros: cents(1105), reason: 'SPEND_UNKNOWN' })
  t.match(rows['product (none)'], {
    gross_micros: cents(15_000),
    cogs_micros: null,
    cogs_coverage_pct: 0,
    reason: 'COGS_UNKNOWN',
  })
})

t.test('costs hold from a day on, and revise what was counted', async t => {
  const row = await open()
  row.feed(purchase(cents(5000)), purchase(cents(5000), { event_date: '2026-01-16' }))
  row.feed(tick())
  t.equal(row.of<ProfitDaily>(profitDailyKind).filter(one => one.contribution_micros !== null).length, 0)
  const change = {
    currency: 'EUR',
    costs: [
      { scope: 'TENANT', cogs_micros: cents(1000), to: '2026-01-16' },
      { scope: 'TENANT', cogs_micros: cents(3000), from: '2026-01-16' },
    ],
  }
  t.match(ask(row, costs(change)), { accepted: true })
  row.feed(tick())
  const accounts = row.of<ProfitDaily>(profitDailyKind).filter(one => one.dimension === 'account')
  t.match(accounts.slice(2), [
    { date: '2026-01-15', revision: 2, contribution_micros: cents(4000) },
    { date: '2026-01-16', revision: 2, contribution_micros: cents(2000) },
  ])
})

t.test('refunds, fixed costs, and why there is no profit on ad spend', async t => {
  const row = await open()
  const fixed = [{ from: '2026-01-01', monthly_micros: cents(31_000) }]
  ask(row, costs({ currency: 'EUR', costs: [{ scope: 'TENANT', cogs_micros: 0 }], fixed }))
  row.feed(purchase(cents(5000)), refund(cents(2000)), spent(0))
  row.feed(tick())
  const rows = current(row)
  t.match(rows.account, { refunds_micros: cents(2000), contribution_micros: cents(3000) })
  t.match(rows.account, {
    fixed_costs_micros: cents(1000),
    net_profit_micros: cents(2000),
    reason: 'NO_SPEND',
  })
  t.match(rows['campaign c'], { net_profit_micros: null, reason: 'FIXED_COSTS_OF_ACCOUNT' })
  t.equal(rows.account!.profit_roas, null)
})

t.test('money that is not to be added, and none that is known', async t => {
  const rowOf = async (...facts: Told[]) => {
    const row = await open()
    ask(row, costs({ currency: 'EUR', costs: [{ scope: 'TENANT', cogs_micros: 0 }] }))
    row.feed(...facts)
    row.feed(tick())
    return current(row).account
  }
  t.match(await rowOf(purchase(5), purchase(5, { currency: 'USD' })), {
    reason: 'SEVERAL_CURRENCIES',
    gross_micros: null,
  })
  t.match(await rowOf(purchase(5), spent(5, { currency: 'USD' })), {
    reason: 'OTHER_CURRENCY',
    profit_roas: null,
  })
  t.match(await rowOf(purchase(5, { currency: 'USD' })), { reason: 'COGS_UNKNOWN' }, 'costs are in euros')
  t.match(await rowOf(purchase(null)), { reason: 'REVENUE_UNKNOWN', gross_micros: null, unvalued: 1 })
  t.match(await rowOf(spent(7)), {
    gross_micros: 0,
    net_profit_after_ads_micros: -7,
    profit_roas: 0,
    reason: null,
  })
})

t.test('an order that is told twice counts once; what is said again changes nothing', async t => {
  const facts = [
    purchase(cents(5000), { transaction_id: 'o' }),
    purchase(cents(5000), { transaction_id: 'o', source: 'webhook' }),
  ]
  const all = [...facts, spent(5), tick(), spent(5), tick(), refund(cents(100)), tick()]
  const row = await open()
  row.feed(...all)
  t.match(current(row).account, { gross_micros: cents(5000), refunds_micros: cents(100), revision: 2 })
  const single = await Row.open('tenant', 'facts', { forgetful: true })
  for (const fact of all) single.feed(fact)
  t.same(row.of(profitDailyKind), single.of(profitDailyKind))
})

t.test(
  'a refund told by two connectors counted twice, its purchase once; parts that are alike count',
  async t => {
    const refundsOf = async (...facts: Told[]) => {
      const row = await open()
      row.feed(purchase(cents(5000), { transaction_id: 'A' }), ...facts, tick())
      const single = await Row.open('tenant', 'facts', { forgetful: true })
      for (const fact of [...facts].reverse()) single.feed(fact)
      single.feed(tick())
      const { refunds_micros, unvalued } = current(row).account!
      t.match(current(single).account, { refunds_micros, unvalued }, 'in any order')
      return [refunds_micros! / 10_000, unvalued]
    }
    const of = (micros: number, more: Partial<EventFact> = {}) =>
      refund(micros, { transaction_id: 'A', ...more })
    const twin = { source: 'webhook' }
    t.same(await refundsOf(of(cents(5000)), of(-cents(5000), twin)), [5000, 0])
    t.same(await refundsOf(of(cents(1000)), of(cents(1000)), of(cents(1000), twin)), [2000, 0], 'two alike')
    t.same(await refundsOf(of(cents(1000)), of(cents(2000), twin)), [3000, 0], 'two parts')
    t.same(await refundsOf(of(cents(1000)), of(cents(1000), { ...twin, transaction_id: 'B' })), [2000, 0])
    const nameless = { transaction_id: null }
    t.same(await refundsOf(of(cents(1000), nameless), of(cents(1000), { ...twin, ...nameless })), [2000, 0])
    const unvalued = (more = {}) => purchase(null, { event_name: 'refund', transaction_id: 'A', ...more })
    t.same(await refundsOf(of(cents(1)), unvalued(), unvalued(twin)), [1, 1], 'an amount that is not known')
    t.same(await refundsOf(...Array.from({ length: 30 }, () => of(cents(1)))), [20, 0], 'and no more')
  },
)

t.test('a campaign that is named is found by its name', async t => {
  const row = await open()
  const more = { page_location: null, campaign: 'SUMMER sale' }
  row.feed(campaign('c', 'Summer Sale'), campaign('d', 'Winter'), campaign('e', 'Winter'))
  row.feed(purchase(5, more), purchase(5, { ...more, campaign: 'Winter' }), spent(5))
  row.feed(tick())
  const rows = current(row)
  t.match(rows['campaign c'], { gross_micros: 5, spend_micros: 5 })
  t.match(rows['campaign Winter'], { gross_micros: 5, spend_micros: null }, 'two have that name')
})

t.test('costs that cannot be are refused with their path', async t => {
  const row = await open()
  const refused = (change: unknown, why: RegExp) =>
    t.match(ask(row, costs(change)), { accepted: false, code: 'VALIDATION_ERROR', message: why })
  refused({ costs: [documents] }, /currency: say which/)
  refused({ currency: 'EUX', costs: [documents] }, /not one of ISO 4217/)
  refused({ costs: [{ scope: 'TENANT', platform_fee_pct: 15 }] }, /platform_fee_pct/)
  refused({ costs: [{ scope: 'PRODUCT' }] }, /has a key/)
  const noDay = /there is no day 2026-02-30/
  refused({ costs: [{ scope: 'TENANT', return_rate: 0.1, from: '2026-02-30' }] }, noDay)
  refused({ costs: [{ scope: 'TENANT', return_rate: 0.1, to: '2026-02-30' }] }, noDay)
  refused({ currency: 'EUR', fixed: [{ monthly_micros: 1, from: '2026-02-30' }] }, noDay)
  refused({ costs: [{ scope: 'TENANT', return_rate: 0.1, from: '2026-13-01' }] }, /costs\/0\/from/)
  refused({ currency: 'EUR', costs: [documents, documents] }, /end them first/)
  refused(
    { currency: 'EUR', fixed: [{ monthly_micros: 1 }, { monthly_micros: 1, from: '2026-02-01' }] },
    /end them first/,
  )
})

t.test('lines add up to what was paid, whatever the event says', async t => {
  const items = JSON.stringify([
    { item_id: 'a', item_category: 'shoes', price: 10, quantity: 2 },
    { item_id: 'b', price: '5.5' },
  ])
  t.same(linesOf({ items }, 25_500_001), [
    { product: 'a', category: 'shoes', units: 2, micros: 20_000_001 },
    { product: 'b', category: null, units: 1, micros: 5_500_000 },
  ])
  t.same(linesOf({ items: '[{"item_id":"a"},{"item_id":"b","price":1}]' }, 7), [
    { product: null, category: null, units: 2, micros: 7 },
  ])
  t.same(linesOf({ items: 'broken' }, 7), [{ product: null, category: null, units: 1, micros: 7 }])
  const item = fc.record({
    item_id: fc.option(fc.string(), { nil: undefined }),
    price: fc.oneof(fc.double(), fc.string(), fc.integer({ min: 0, max: 100 })),
    quantity: fc.oneof(fc.integer(), fc.constant(undefined)),
  })
  fc.assert(
    fc.property(fc.array(item, { maxLength: 5 }), fc.integer({ min: 0, max: 1e12 }), (list, micros) => {
      const lines = linesOf({ items: JSON.stringify(list) }, micros)
      return lines.length > 0 && lines.reduce((sum, line) => sum + line.micros!, 0) === micros
    }),
  )
})

t.test('days share the fixed costs of their month without a rest', async t => {
  const spans = [{ from: '2026-02-01', to: '2026-03-01', monthly_micros: 1_000_003 }]
  const days = Array.from(
    { length: 28 },
    (_, i) => fixedOn(spans, `2026-02-${String(i + 1).padStart(2, '0')}`)!,
  )
  t.equal(
    days.reduce((a, b) => a + b, 0),
    1_000_003,
  )
  t.equal(fixedOn(spans, '2026-03-01'), null)
  t.equal(fixedOn(spans, '2026-01-31'), null)
})
