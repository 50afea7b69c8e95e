import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type Measures, nothingReported, restate } from '../../../pipelines/ad-metrics/model.ts'
import { type AdMetrics, adMetricsKind } from '../../../pipelines/ad-metrics/stage.ts'
import { noon, report, told } from '../facts.ts'
import { Row } from '../row.ts'

const open = () => Row.open('tenant', 'facts')
const rows = (row: Row) => row.of<AdMetrics>(adMetricsKind)

t.test('a platform that finds two more purchases makes a second revision', async t => {
  const row = await open()
  row.feed(told.report(report()))
  row.feed(
    told.report(
      report({ event_id: 's', as_of: noon(1), conversions_micros: 3_000_000, revenue_micros: 60_000_000 }),
    ),
  )
  t.match(rows(row), [
    { revision: 1, conversions_micros: 1_000_000, revenue_micros: 20_000_000, as_of: noon() },
    { revision: 2, conversions_micros: 3_000_000, revenue_micros: 60_000_000, as_of: noon(1) },
  ])
})

t.test(
  'the same figures said again are no revision, but what was said in between is older than they are',
  async t => {
    const row = await open()
    row.feed(
      told.report(report({ as_of: noon(0) })),
      told.report(report({ event_id: 's', as_of: noon(10) })),
      told.report(report({ event_id: 't', as_of: noon(5), clicks: 99 })),
    )
    t.strictSame(
      rows(row).map(r => [r.revision, r.clicks]),
      [[1, 10]],
    )
  },
)

t.test('a report that comes late and is older changes nothing', async t => {
  const row = await open()
  row.feed(
    told.report(report({ as_of: noon(9), clicks: 12 })),
    told.report(report({ event_id: 'q', clicks: 11 })),
  )
  t.match(rows(row), [{ revision: 1, clicks: 12 }])
})

t.test('settled is a change, a figure that becomes unknown too', async t => {
  const row = await open()
  row.feed(
    told.report(report()),
    told.report(report({ event_id: 's', as_of: noon(1), settled: true })),
    told.report(report({ event_id: 't', as_of: noon(2), settled: true, reach: null })),
  )
  t.match(rows(row), [{ revision: 1 }, { revision: 2, settled: true }, { revision: 3, reach: null }])
})

t.test('every level, ad and day has revisions of its own', async t => {
  const row = await open()
  const others = [
    { ad_id: 'b' },
    { ad_id: null },
    { ad_id: null, adset_id: null },
    { campaign_id: 'd' },
    { account_id: 'act2' },
    { platform: 'google' },
    { date: '2026-01-13' },
    { tenant_id: 'other' },
  ]
  row.feed(...[{}, ...others].map((fields, i) => told.report(report({ event_id: `r${i}`, ...fields }))))
  t.strictSame(
    rows(row).map(r => r.revision),
    [1, ...others.map(() => 1)],
  )
})

type Report = Measures & { readonly as_of: number; readonly ingest_time: number; readonly event_id: string }

const maybe = fc.option(fc.constantFrom(0, 1, 2))
const reports = fc
  .array(
    // Few instants and figures, so that reports tie and repeat themselves.
    fc.record({
      as_of: fc.integer({ min: 1, max: 4 }),
      ingest_time: fc.integer({ min: 1, max: 3 }),
      impressions: maybe,
      clicks: maybe,
      spend_micros: maybe,
      revenue_micros: maybe,
      conversions_micros: maybe,
      reach: maybe,
      currency: fc.constantFrom('EUR', 'USD'),
      settled: fc.boolean(),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map(list => list.map((r, i): Report => ({ ...r, event_id: `r${i}` })))

const inForce = (list: readonly Report[]) => {
  const state = nothingReported()
  const changes = list.filter(r => restate(state, r))
  return { state, changes }
}

t.test('the latest report is in force, in whatever order they come and however often', async () => {
  fc.assert(
    fc.property(reports, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (list, keys) => {
      const order = [...list, ...list].map(r => ({ r, at: keys.next().value as number }))
      order.sort((a, b) => a.at - b.at)
      const { state } = inForce(order.map(o => o.r))
      const { as_of, ingest_time, event_id, ...measures } = [...list].sort(
        (a, b) => a.as_of - b.as_of || a.ingest_time - b.ingest_time || (a.event_id < b.event_id ? -1 : 1),
      )[list.length - 1]!
      assert.deepEqual(state.measures, measures)
      assert.deepEqual([state.as_of, state.ingest_time, state.event_id], [as_of, ingest_time, event_id])
    }),
  )
})

t.test('each revision differs from the one before, and there are as many as there were changes', async () => {
  fc.assert(
    fc.property(reports, list => {
      const { state, changes } = inForce(list)
      assert.equal(state.revision, changes.length)
      for (const [i, now] of changes.slice(1).entries()) {
        const { as_of: _a, ingest_time: _i, event_id: _b, ...before } = changes[i]!
        const { as_of: _c, ingest_time: _j, event_id: _d, ...after } = now
        assert.notDeepEqual(after, before)
      }
    }),
  )
})

t.test('a file read again by a corrected mapping replaced a random half of its rows', async t => {
  for (const [wrong, right] of [
    ['a', 'b'],
    ['b', 'a'],
  ]) {
    const state = nothingReported()
    const read = (event_id: string, ingest_time: number, currency: string) =>
      restate(state, { ...NOTHING, as_of: 5, ingest_time, event_id, currency })
    t.ok(read(wrong!, 1, 'USD'))
    t.ok(read(right!, 2, 'EUR'), 'read later of the same instant: in force whatever its id')
    t.notOk(read(wrong!, 1, 'USD'))
    t.match(state, { revision: 2, measures: { currency: 'EUR' } })
  }
})

const NOTHING = {
  impressions: 1,
  clicks: null,
  spend_micros: null,
  revenue_micros: null,
  conversions_micros: null,
  reach: null,
  settled: false,
}
