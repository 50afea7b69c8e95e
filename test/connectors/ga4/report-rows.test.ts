import t from 'tap'
import { reportOf } from '../../../connectors/ga4/data-api/answer.ts'
import { DIMENSIONS, METRICS } from '../../../connectors/ga4/data-api/query.ts'
import { webReport } from '../../../connectors/ga4/data-api/row.ts'

const answer = (over: object = {}) => ({
  dimensionHeaders: DIMENSIONS.map(name => ({ name })),
  metricHeaders: METRICS.map(name => ({ name, type: 'TYPE_INTEGER' })),
  rows: [row(['20260410', 'google', 'cpc', 'brand', 'Paid Search'], ['12', '11', '1.5', '2', '1234567.29'])],
  rowCount: 1,
  metadata: { currencyCode: 'JPY', timeZone: 'Asia/Tokyo' },
  ...over,
})
const row = (names: readonly string[], figures: readonly string[]) => ({
  dimensionValues: names.map(value => (value === '' ? {} : { value })),
  metricValues: figures.map(value => ({ value })),
})
const said = (over: object = {}) => ({
  propertyId: '7',
  restatedFrom: '2026-04-12',
  asOf: 1_776_245_400_000_000,
  currency: 'JPY',
  quality: [],
  restricted: new Set<string>(),
  ...over,
})
const first = (body: unknown) => webReport(reportOf(body, 0).rows[0]!, said())

t.test('amounts are taken digit by digit, key events in millionths', async t => {
  t.same(first(answer()), {
    property_id: '7',
    date: '2026-04-10',
    traffic_source: 'google',
    traffic_medium: 'cpc',
    campaign: 'brand',
    channel: 'Paid Search',
    sessions: 12,
    users: 11,
    conversions_micros: 1_500_000,
    purchases: 2,
    revenue_micros: 1_234_567_290_000,
    currency: 'JPY',
    settled: true,
    quality: [],
    as_of: 1_776_245_400_000_000,
  })
  const revenue = (text: string) =>
    first(answer({ rows: [row(['20260410', 'a', 'b', 'c', 'd'], ['1', '1', '0', '1', text])] }))
      .revenue_micros
  t.equal(revenue('9007199254.740991'), 9_007_199_254_740_991, 'a float would hold no such cent')
  t.equal(
    revenue('0.30000000000000004'),
    300_000,
    'GA4 adds up floats, and writes them with all their digits',
  )
  t.equal(revenue('-4.5'), -4_500_000, 'more was given back than came in')
})

t.test('a column more, less or empty', async t => {
  const body = answer()
  const without = answer({ metricHeaders: body.metricHeaders.slice(0, 4) })
  t.equal(first(without).revenue_micros, null, 'a figure that is not there is unknown')
  const lacking = answer({ dimensionHeaders: body.dimensionHeaders.slice(0, 4) })
  t.throws(() => reportOf(lacking, 0), { kind: 'fatal', message: /no column sessionDefaultChannelGroup/ })
  const empty = answer({ rows: [row(['20260410', '', 'b', 'c', 'd'], ['1', '1', '0', '0', '0'])] })
  t.equal(first(empty).traffic_source, '', 'Proto3 JSON leaves out what is empty')
})

t.test('a row that cannot be says which field and why', async t => {
  const of = (names: readonly string[], figures: readonly string[]) => () =>
    first(answer({ rows: [row(names, figures)] }))
  const names = ['20260410', 'a', 'b', 'c', 'd']
  t.throws(of(['(other)', 'a', 'b', 'c', 'd'], ['1', '1', '1', '1', '1']), { message: /date is '\(other\)'/ })
  t.throws(of(names, ['1.5', '1', '1', '1', '1']), { message: /sessions is '1.5', not a whole number/ })
  t.throws(of(names, ['1', '1', '1', '1', 'much']), { message: /purchaseRevenue/ })
  t.throws(() => first(answer({ rows: [{}] })), { message: /date is missing/ })
})

t.test('an answer that is no report is one that passes, or says what is not known', async t => {
  const fails = (body: unknown, wanted: { readonly kind: string; readonly message?: RegExp }) =>
    t.throws(() => reportOf(body, 0), { message: /./, ...wanted })
  fails([], { kind: 'retryable' })
  fails({ rows: [] }, { kind: 'retryable', message: /no metadata/ })
  fails(answer({ rowCount: undefined }), { kind: 'retryable', message: /rowCount/ })
  fails(answer({ metadata: { currencyCode: 'EUR', timeZone: 'Mars/Base' } }), {
    kind: 'fatal',
    message: /Mars/,
  })
  fails(answer({ metadata: { currencyCode: 'XYZ', timeZone: 'UTC' } }), { kind: 'fatal', message: /XYZ/ })
  t.match(reportOf({ metadata: { currencyCode: 'EUR', timeZone: 'UTC' } }, 0), { rows: [], total: 0 })
})
