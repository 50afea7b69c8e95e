import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { addDays } from '../../../engine/clock/days.ts'
import { type ForecastRow, forecastKind } from '../../../pipelines/forecast/kinds.ts'
import { prepare, sumAhead } from '../../../pipelines/forecast/model/month-end/month-end.ts'
import { command } from '../commands.ts'
import { event, report, told } from '../facts.ts'
import { Row, type Told } from '../row.ts'
import { dates, startOf } from '../signals/shop.ts'

const DAY = 86_400_000_000
const HOUR = DAY / 24

/** What a day brings, in units: a weekday's rhythm and something beside it. */
const amount = (i: number): number => 100 + 10 * ((5 * i) % 7) + ((37 * i) % 11)

const FROM = '2026-01-01'
const dayOf = (date: string) => Math.round((startOf(date) - startOf(FROM)) / DAY)

const said = (date: string, asOf: number, more: Parameters<typeof report>[0] = {}): Told =>
  told.report(
    report({
      event_id: `${date} ${asOf} ${more.platform ?? ''} ${more.spend_micros ?? ''}`,
      event_time: startOf(date),
      ingest_time: asOf,
      date,
      as_of: asOf,
      spend_micros: amount(dayOf(date)) * 1e6,
      conversions_micros: 10_000_000,
      revenue_micros: 3 * amount(dayOf(date)) * 1e6,
      ...more,
    }),
  )

const sold = (date: string, micros = 50 * amount(dayOf(date)) * 1e6): Told =>
  told.event(
    event({
      event_id: `sold ${date}`,
      event_time: startOf(date) + 12 * HOUR,
      ingest_time: startOf(date) + 12 * HOUR,
      event_date: date,
      event_name: 'purchase',
      transaction_id: `order ${date}`,
      value_micros: micros,
      currency: 'EUR',
    }),
  )

/** Days as they go: a purchase at noon, a report after midnight, ticks. */
function* life(days: number): Generator<Told[]> {
  for (const date of dates(FROM, days)) {
    const next = startOf(date) + DAY
    yield [
      sold(date),
      told.tick(next),
      said(date, next + 2 * HOUR),
      ...[2, 3].map(h => told.tick(next + h * HOUR)),
    ]
  }
}

const of = (row: Row, fields: Partial<ForecastRow>): ForecastRow[] =>
  row
    .of<ForecastRow>(forecastKind)
    .filter(one => Object.entries(fields).every(([name, value]) => one[name as keyof ForecastRow] === value))

t.test('each closed day says what month, quarter and year will come to, as the recipe does', async t => {
  const row = await Row.open('tenant', 'facts')
  for (const batch of life(75)) row.feed(...batch)
  const spend = of(row, { scope: 'tenant', metric: 'spend' })
  const last = addDays(FROM, 74)
  t.match(spend.at(-3), { date: last, horizon: 'MONTH_END', horizon_date: '2026-03-31', reason: null })
  t.match(spend.at(-2), { horizon: 'QUARTER_END', horizon_date: '2026-03-31' })
  t.match(spend.at(-1), { horizon: 'YEAR_END', horizon_date: '2026-12-31', reason: 'HORIZON', lower: null })
  const days = Array.from({ length: 75 }, (_, i) => amount(i))
  const rest = sumAhead(prepare(days), 15, { g: spend.at(-3)!.width, wander: 'MEASURED' })
  const soFar = days.slice(59).reduce((a, b) => a + b, 0)
  t.equal(spend.at(-3)!.so_far, soFar)
  t.ok(Math.abs(spend.at(-3)!.mean! - soFar - rest.mean!) < 1e-6)
  t.ok(Math.abs(spend.at(-3)!.upper! - soFar - rest.upper!) < 1e-6)
  t.match(spend.at(-3), { counted_from: '2026-03-01', provisional: true, currency: 'EUR', target_id: null })
  for (const scope of ['platform', 'campaign'])
    t.equal(of(row, { scope, metric: 'spend' }).at(-3)!.mean, spend.at(-3)!.mean, scope)
  t.equal(new Set(row.of(forecastKind).map(one => one.event_id)).size, row.of(forecastKind).length)
})

t.test(
  'what platforms still change is closed three days later, what the site sold when a day follows',
  async t => {
    const row = await Row.open('tenant', 'facts')
    for (const batch of life(40)) row.feed(...batch)
    const last = addDays(FROM, 39)
    t.equal(of(row, { metric: 'platform_revenue', scope: 'platform' }).at(-1)!.date, addDays(last, -3))
    t.equal(of(row, { metric: 'revenue' }).at(-1)!.date, addDays(last, -1))
    t.match(of(row, { metric: 'revenue', horizon: 'MONTH_END' }).at(-1), {
      scope: 'tenant',
      reason: 'SHORT_HISTORY',
      lower: null,
    })
    t.ok(of(row, { metric: 'revenue', horizon: 'MONTH_END' }).at(-1)!.mean! > 0, 'a point without bounds')
    t.match(of(row, { metric: 'platform_roas', scope: 'tenant', horizon: 'MONTH_END' }).at(-1), {
      reason: 'SHORT_HISTORY',
      date: addDays(last, -3),
    })
    t.equal(of(row, { metric: 'platform_roas', scope: 'campaign' }).length, 0)
  },
)

t.test('coverage is measured on its own past, and null before sixty intervals have settled', async t => {
  const row = await Row.open('tenant', 'facts')
  for (const batch of life(120)) row.feed(...batch)
  const spend = of(row, { metric: 'spend', scope: 'platform', horizon: 'MONTH_END' })
  t.equal(spend.find(one => one.date === '2026-03-31')!.measured_coverage, null)
  const measured = spend.find(one => one.date === '2026-04-29')!
  t.ok(measured.settled_intervals >= 60 && measured.measured_coverage! > 0.9, JSON.stringify(measured))
  t.ok(measured.width < 1, 'hits narrow it')
})

t.test(
  'a restated day changes what is forecast from then on, and an order told twice counts once',
  async t => {
    const row = await Row.open('tenant', 'facts')
    for (const batch of life(60)) row.feed(...batch)
    const before = of(row, { metric: 'spend', scope: 'tenant', horizon: 'MONTH_END' }).at(-1)!
    const next = startOf(addDays(FROM, 61))
    row.feed(
      sold(addDays(FROM, 59)),
      said('2026-02-20', next, { spend_micros: 1_000_000_000 }),
      said(addDays(FROM, 60), next + 2 * HOUR),
      sold(addDays(FROM, 61)),
      ...[2, 3].map(h => told.tick(next + h * HOUR)),
    )
    const after = of(row, { metric: 'spend', scope: 'tenant', horizon: 'QUARTER_END' }).at(-1)!
    t.equal(before.date, addDays(FROM, 59))
    const days = Array.from({ length: 61 }, (_, i) => (i === 50 ? 1000 : amount(i)))
    t.equal(
      after.so_far,
      days.reduce((a, b) => a + b, 0),
    )
    const revenue = of(row, { metric: 'revenue', horizon: 'YEAR_END' }).at(-1)!
    t.equal(revenue.date, addDays(FROM, 60))
    const sums = Array.from({ length: 60 }, (_, i) => 50 * amount(i)).reduce((a, b) => a + b, 0)
    t.equal(revenue.so_far, sums, 'of the day before nothing came: it is 0')
  },
)

t.test('a platform that falls silent leaves days unknown, and several currencies are no money', async t => {
  const row = await Row.open('tenant', 'facts')
  for (const batch of life(60)) row.feed(...batch)
  for (const date of dates(addDays(FROM, 60), 9)) row.feed(sold(date), told.tick(startOf(date) + 23 * HOUR))
  const spend = of(row, { metric: 'spend', scope: 'platform', horizon: 'QUARTER_END' }).at(-1)!
  t.match(spend, { date: addDays(FROM, 65), so_far: null, mean: null, reason: 'MISSING_DAYS' })
  const mixed = await Row.open('tenant', 'facts')
  for (const batch of life(30)) mixed.feed(...batch)
  const next = startOf(addDays(FROM, 31))
  mixed.feed(
    said(addDays(FROM, 30), next, { platform: 'tiktok', currency: 'USD' }),
    told.tick(next + 3 * HOUR),
  )
  mixed.feed(said(addDays(FROM, 30), next), ...[4, 5].map(h => told.tick(next + h * HOUR)))
  t.match(of(mixed, { metric: 'spend', scope: 'tenant' }).at(-1), { mean: null, currency: null })
  t.match(of(mixed, { metric: 'spend', scope: 'platform', platform: 'meta' }).at(-1), { currency: 'EUR' })
})

/** Days of two platforms of 100 and more each, of which one may say nothing. */
function* twoPlatforms(from: number, days: number, isSilent: boolean): Generator<Told[]> {
  for (const date of dates(addDays(FROM, from), days)) {
    const next = startOf(date) + DAY
    yield [
      said(date, next + 2 * HOUR),
      ...(isSilent ? [] : [said(date, next + 2 * HOUR, { platform: 'google', source: 'google-ads' })]),
      ...[3, 4, 5].map(h => told.tick(next + h * HOUR)),
    ]
  }
}
const sumOfDays = (from: number, to: number, times: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => times * amount(from + i)).reduce((a, b) => a + b, 0)

t.test('a platform that fell silent counted as 0 in the sums of its tenant', async t => {
  const row = await Row.open('tenant', 'facts')
  const spendOf = (scope: string, day: number) =>
    of(row, { scope, metric: 'spend', horizon: 'QUARTER_END', date: addDays(FROM, day) }).at(-1)
  for (const batch of [...twoPlatforms(0, 30, false), ...twoPlatforms(30, 13, true)]) row.feed(...batch)
  t.equal(spendOf('tenant', 29)!.so_far, sumOfDays(0, 29, 2))
  t.match(spendOf('tenant', 30), { so_far: null, mean: null })
  t.match(spendOf('tenant', 40), { so_far: null, mean: null, reason: 'MISSING_DAYS' })
  t.ok(
    of(row, { scope: 'platform', platform: 'meta', metric: 'spend' }).at(-1)!.so_far! > 0,
    'the other goes on',
  )
  for (const batch of twoPlatforms(43, 2, true)) row.feed(...batch)
  const [both, one] = [sumOfDays(0, 29, 2), sumOfDays(30, 44, 1)]
  t.equal(spendOf('tenant', 44)!.so_far, both + one, 'silent for more than a fortnight: it has stopped')
  for (const batch of twoPlatforms(45, 1, false)) row.feed(...batch)
  t.equal(spendOf('tenant', 45)!.so_far, both + one + sumOfDays(45, 45, 2), 'and is there again')
})

t.test('a platform whose connection was removed is not waited for', async t => {
  const row = await Row.open('tenant', 'facts')
  const gone = (state: string, at: number): Told =>
    command(
      'connection.state',
      { name: 'g', source: 'google-ads', state },
      { role: 'SYSTEM', event_time: at, ingest_time: at },
    )
  row.feed(gone('CONNECTED', startOf(FROM)))
  for (const batch of twoPlatforms(0, 30, false)) row.feed(...batch)
  row.feed(gone('PAUSED', startOf(addDays(FROM, 30)) + 6 * HOUR))
  for (const batch of twoPlatforms(30, 4, true)) row.feed(...batch)
  const last = () => of(row, { scope: 'tenant', metric: 'spend', horizon: 'QUARTER_END' }).at(-1)!
  t.match(last(), { date: addDays(FROM, 31), so_far: null }, 'it may go on spending')
  row.feed(gone('DISCONNECTED', startOf(addDays(FROM, 34)) + 6 * HOUR))
  for (const batch of twoPlatforms(34, 1, true)) row.feed(...batch)
  t.match(last(), { date: addDays(FROM, 34), so_far: sumOfDays(0, 29, 2) + sumOfDays(30, 34, 1) })
})

t.test(
  'a history that comes at once is followed a day at a time: its coverage is measured at once',
  async t => {
    const row = await Row.open('tenant', 'facts')
    const now = startOf(addDays(FROM, 200))
    for (const date of dates(FROM, 200)) row.feed(said(date, now))
    row.feed(told.tick(now + HOUR))
    t.equal(row.of(forecastKind).length, 0, 'it may still be coming')
    row.feed(told.tick(now + 2 * HOUR))
    const spend = of(row, { metric: 'spend', scope: 'tenant' })
    t.equal(spend.length, 3, 'nothing is said of days long ago')
    t.match(spend[0], { date: addDays(FROM, 199), provisional: false })
    t.ok(spend[0]!.measured_coverage! > 0.9)
  },
)

t.test('forecasts do not see where batches end, nor that a process forgot and read again', async t => {
  const all = [...life(70)].flat()
  const whole = await Row.open('tenant', 'facts')
  whole.feed(...all)
  const rows = whole.of(forecastKind)
  assert.ok(rows.length > 500)
  t.ok(whole.largest('daily-series') < 32_000, `${whole.largest('daily-series')} bytes of days`)
  t.ok(whole.largest('forecasts') < 32_000, `${whole.largest('forecasts')} bytes of intervals`)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(all.length), { maxLength: 30 }), fc.boolean(), async (at, forgetful) => {
      const row = await Row.open('tenant', 'facts', { forgetful })
      const cuts = [...new Set([0, ...at, all.length])].sort((a, b) => a - b)
      for (let i = 1; i < cuts.length; i++) row.feed(...all.slice(cuts[i - 1], cuts[i]))
      assert.deepEqual(row.of(forecastKind), rows)
    }),
    { numRuns: 3 },
  )
})
