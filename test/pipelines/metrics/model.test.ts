import fc from 'fast-check'
import t from 'tap'
import { MEASURES, METRICS, type MeasureName } from '../../../pipelines/metrics/catalogue.ts'
import { changePct, figure, previousPeriod, type Sums, total } from '../../../pipelines/metrics/model.ts'

const metric = (name: string) => METRICS.find(m => m.name === name)!
const usd = (row: Partial<Record<MeasureName, number | null>>): Sums => ({ byCurrency: { USD: row } })

t.test('a quotient is made of sums: the Facebook campaigns of the KAG file', async t => {
  const sums = usd({ impressions: 213_434_828, clicks: 38_165, spend: 58_705_229_966, conversions: 1_079 })
  t.match(figure(metric('ctr'), sums), { value: 38_165 / 213_434_828 })
  t.match(figure(metric('cpc'), sums), { value: 58_705_229_966 / 38_165, currency: 'USD' })
  t.match(figure(metric('cpa'), sums), { value: 58_705_229_966 / 1_079, currency: 'USD' })
  t.match(figure(metric('cpm'), sums), { value: (58_705_229_966 / 213_434_828) * 1000, currency: 'USD' })
})

t.test('a denominator of 0 or unknown gives null, an unknown numerator too', async t => {
  t.match(figure(metric('roas'), usd({ revenue: 5, spend: 0 })), { value: null })
  t.match(figure(metric('roas'), usd({ revenue: 5 })), { value: null })
  t.match(figure(metric('roas'), usd({ revenue: null, spend: 5 })), { value: null })
  t.match(figure(metric('roas'), usd({ revenue: 0, spend: 5 })), { value: 0 })
})

t.test('amounts of several currencies are never added nor divided, counts are added', async t => {
  const sums: Sums = { byCurrency: { USD: { spend: 10, clicks: 1 }, EUR: { spend: 20, clicks: 2 } } }
  t.same(total('spend', sums), { value: null, currency: null, because: 'SEVERAL_CURRENCIES' })
  t.same(total('clicks', sums), { value: 3, currency: null })
  t.match(figure(metric('cpc'), sums), { value: null, because: 'SEVERAL_CURRENCIES' })
  const across: Sums = { byCurrency: { USD: { spend: 10 }, EUR: { revenue: 20 } } }
  t.match(figure(metric('roas'), across), { value: null, because: 'SEVERAL_CURRENCIES' })
})

t.test('a day without revenue carries no currency and does not stand in the way', async t => {
  t.same(total('revenue', { byCurrency: { '': { revenue: 0 }, USD: { revenue: 7 } } }), {
    value: 7,
    currency: 'USD',
  })
  t.same(total('revenue', { byCurrency: { '': { revenue: 0 } } }), { value: 0, currency: null })
})

t.test('the previous period has the same length and ends the day before', async t => {
  t.same(previousPeriod('2026-03-01', '2026-03-31'), { from: '2026-01-29', to: '2026-02-28', days: 31 })
  t.same(previousPeriod('2024-03-01', '2024-03-01'), { from: '2024-02-29', to: '2024-02-29', days: 1 })
})

t.test('change is null where the base is 0 or either side unknown', async t => {
  t.equal(changePct(3, 2), 50)
  t.equal(changePct(3, 0), null)
  t.equal(changePct(null, 2), null)
  t.equal(changePct(1, -2), 150)
})

const amount = fc.option(fc.integer({ min: 0, max: 1e12 }))
const row = fc.record(Object.fromEntries(Object.keys(MEASURES).map(m => [m, amount])))

t.test('no metric is ever NaN or infinite', async () => {
  const sums = fc
    .dictionary(fc.constantFrom('', 'USD', 'EUR'), row)
    .map(byCurrency => ({ byCurrency }) as unknown as Sums)
  fc.assert(
    fc.property(sums, s =>
      METRICS.every(m => {
        const { value } = figure(m, s)
        return value === null || Number.isFinite(value)
      }),
    ),
  )
})

t.test('every name is there once, and every metric rests on known measures', async t => {
  t.equal(new Set(METRICS.map(m => m.name)).size, METRICS.length)
  for (const m of METRICS) t.ok(m.of in MEASURES && (m.per === undefined || m.per in MEASURES), m.name)
})
