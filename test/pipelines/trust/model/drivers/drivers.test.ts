import fc from 'fast-check'
import t from 'tap'
import { attribution } from '../../../../../pipelines/trust/model/drivers/attribution.ts'
import { coverage } from '../../../../../pipelines/trust/model/drivers/coverage.ts'
import { dataFreshness } from '../../../../../pipelines/trust/model/drivers/data-freshness.ts'
import {
  DRIVERS,
  type DriverValues,
  driverStatus,
  emq,
} from '../../../../../pipelines/trust/model/drivers/emq.ts'
import { latency } from '../../../../../pipelines/trust/model/drivers/latency.ts'
import { MINUTE, NOW, POLICY } from '../../policy.ts'

const five = (
  match_rate: number | null,
  cover: number | null,
  late: number | null,
  agree: number | null,
  fresh: number | null,
): DriverValues => ({ match_rate, coverage: cover, latency: late, attribution: agree, data_freshness: fresh })
const near = (got: number | null, wanted: number) => got !== null && Math.abs(got - wanted) < 1e-9

t.test('the golden rows of match quality in product.md §4.1', async t => {
  t.ok(near(emq(five(82, 70, 90, 70, 100), POLICY).value, 80.6))
  t.ok(near(emq(five(82, null, 90, null, 100), POLICY).value, 52.6 / 0.6), '87.67')
  t.match(emq(five(82, 70, null, null, null), POLICY), { value: null, reason: 'TOO_LITTLE_KNOWN' })
})

t.test('without a match rate there is no match quality; a weight of exactly .60 is enough', async t => {
  t.match(emq(five(null, 100, 100, 100, 100), POLICY), { value: null, reason: 'NO_MATCH_RATE' })
  const enough = emq(five(80, null, 80, null, 80), POLICY)
  t.match(enough, { value: 80, reason: null, known: 0.6 })
  t.match(enough.status, { match_rate: 'GOOD', coverage: null })
})

t.test('a driver is good from 70, and critical below 40', async t => {
  t.same([70, 69.99, 40, 39.99, null].map(driverStatus), ['GOOD', 'WARNING', 'WARNING', 'CRITICAL', null])
})

t.test('latency by its points', async t => {
  const of = (p90: number | null, events = 20) => latency({ events, p90_hours: p90 }, POLICY)
  for (const [hours, score] of [
    [0, 100],
    [0.083, 100],
    [1, 90],
    [2.5, 80],
    [4, 70],
    [8, 55],
    [12, 40],
    [24, 0],
    [99, 0],
  ] as const)
    t.ok(near(of(hours).value, score), `${hours} h: ${of(hours).value}`)
  t.match(of(1, 19), { value: null, reason: 'TOO_FEW_EVENTS' })
  t.match(of(null), { value: null, reason: 'TOO_FEW_EVENTS' })
})

t.test('agreement on conversions', async t => {
  const of = (platform: number | null, ga4: number | null, had_conversions = true) =>
    attribution({ platform, ga4, had_conversions }, POLICY)
  t.equal(of(100, 90).value, 100, 'a tenth apart')
  t.ok(near(of(100, 70).value, 70))
  t.ok(near(of(50, 100).value, 30))
  t.equal(of(30, 100).value, 0)
  t.equal(of(0, 10).value, 0)
  t.equal(of(0, 0).value, 0, 'both 0 where there used to be some is dead tracking')
  t.match(of(0, 0, false), { value: null, reason: 'NO_CONVERSIONS' })
  t.match(of(5, null), { value: null, reason: 'NO_GA4' })
  t.match(of(null, 5), { value: null, reason: 'NO_PLATFORM' })
})

t.test('freshness of the event stream, by the gap that is usual', async t => {
  const of = (ageMinutes: number | null, gap: number | null, history = 14) =>
    dataFreshness(
      {
        last_event: ageMinutes === null ? null : NOW - ageMinutes * MINUTE,
        p99_gap_minutes: gap,
        history_days: history,
      },
      NOW,
      POLICY,
    )
  t.equal(of(60, 60).value, 100)
  t.equal(of(150, 60).value, 50)
  t.equal(of(240, 60).value, 0)
  t.equal(of(15, 1).value, 100, 'a gap of 15 minutes is never late')
  t.equal(of(-10, 60).value, 100, 'an event of the future is new')
  t.match(of(60, 60, 13), { value: null, reason: 'SHORT_HISTORY' })
  t.match(of(60, null), { value: null, reason: 'SHORT_HISTORY' })
  t.match(of(null, 60), { value: null, reason: 'NO_EVENT' })
})

t.test('coverage is the mean of those shares that are known', async t => {
  const none = { pages: null, types: null, twins: null }
  t.equal(coverage({ ...none, pages: { tagged: 1, expected: 2 } }, POLICY).value, 50)
  t.equal(
    coverage(
      {
        pages: { tagged: 1, expected: 2 },
        types: { seen: 4, configured: 4 },
        twins: { both: 45, browser: 100 },
      },
      POLICY,
    ).value,
    70,
    '50, 100 and 45 ÷ 75',
  )
  t.equal(coverage({ ...none, twins: { both: 90, browser: 100 } }, POLICY).value, 100, 'over the goal')
  t.match(coverage(none, POLICY), { value: null, reason: 'NOT_COUNTED' })
  t.match(coverage({ ...none, pages: { tagged: 0, expected: 0 } }, POLICY), { value: null })
})

t.test('match quality is never outside 0 to 100, and lower drivers never raise it', async () => {
  const value = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { freq: 5 })
  const all = fc.tuple(value, value, value, value, value)
  fc.assert(
    fc.property(all, fc.nat(4), fc.double({ min: 0, max: 1, noNaN: true }), (values, at, share) => {
      const before = emq(five(...values), POLICY)
      if (before.value === null) return true
      if (before.value < 0 || before.value > 100) return false
      const name = DRIVERS[at]!
      if (before.inputs[name] === null) return true
      const after = emq({ ...before.inputs, [name]: before.inputs[name]! * share }, POLICY)
      return after.value! <= before.value
    }),
  )
})
