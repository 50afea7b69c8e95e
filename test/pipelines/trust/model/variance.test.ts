import fc from 'fast-check'
import t from 'tap'
import { median } from '../../../../pipelines/trust/model/variance/median.ts'
import { type VarianceInputs, variance } from '../../../../pipelines/trust/model/variance/variance.ts'
import { POLICY } from '../policy.ts'

const G = 1_000_000_000
const of = (change: Partial<VarianceInputs>) =>
  variance(
    {
      platform_revenue: G,
      ga4_revenue: G,
      platform_conversions: 1000,
      ga4_conversions: 1000,
      spend: G / 4,
      median_revenue: G / 7,
      baseline: [],
      ...change,
    },
    POLICY,
  )
const times = (ratio: number) => Math.round(G * ratio)
const near = (got: number | null, wanted: number, by = 0.05) => got !== null && Math.abs(got - wanted) < by

t.test('the golden rows of the level in product.md §4.1', async t => {
  for (const [ratio, score] of [
    [1, 100],
    [1.2, 90.1],
    [1.5, 62.1],
    [2, 21.0],
    [3, 0.1],
    [1 / 1.5, 62.1],
    [10, 0],
  ] as const) {
    const found = of({ platform_revenue: times(ratio) })
    t.ok(near(found.value, score), `${ratio}: ${found.value}`)
    t.equal(found.drift, null, 'without a baseline')
  }
  t.equal(of({ platform_revenue: times(1.2) }).variance_pct?.toFixed(6), '20.000000')
})

t.test('drift from its own baseline: a platform that always claims 1.3 times is healthy at 1.3', async t => {
  const usual = Array.from({ length: 28 }, (_, i) => Math.log(1.3) + (i % 2 ? 0.01 : -0.01))
  const same = of({ platform_revenue: times(1.3), baseline: usual })
  t.ok(near(same.drift!.value, 100))
  t.equal(same.value, same.level)
  const fallen = of({ platform_revenue: times(1), baseline: usual })
  t.equal(fallen.level, 100, 'the ratio alone looks perfect')
  t.ok(fallen.drift!.z > 5, `ln 1.3 is ${fallen.drift!.z} spreads away`)
  t.equal(fallen.value, 0)
})

t.test('the spread has a floor, and few conversions widen it', async t => {
  const flat = Array.from({ length: 14 }, () => 0)
  t.equal(of({ baseline: flat }).drift?.spread, 0.05)
  t.equal(of({ baseline: flat, platform_conversions: 8, ga4_conversions: 8 }).drift?.spread, 0.5)
  t.equal(of({ baseline: flat, platform_conversions: null }).drift?.spread, 0.05, 'unknown widens nothing')
  t.equal(of({ baseline: flat, platform_conversions: 0 }).drift?.spread, 0.05)
  t.equal(of({ baseline: flat, ga4_conversions: 0 }).drift?.spread, 0.05)
  const wide = Array.from({ length: 15 }, (_, i) => (i - 7) / 10)
  t.ok(near(of({ baseline: wide }).drift!.spread, 1.4826 * 0.4, 1e-9))
})

t.test('drift by its points', async t => {
  const flat = Array.from({ length: 14 }, () => 0)
  for (const [z, score] of [
    [1.5, 100],
    [3, 60],
    [4, 30],
    [5, 0],
  ] as const) {
    const found = of({ platform_revenue: times(Math.exp(z * 0.05)), baseline: flat })
    t.ok(near(found.drift!.value, score, 0.001), `${z}: ${found.drift!.value}`)
  }
})

t.test('fewer than 14 known days of baseline: no drift; only the last 28 count', async t => {
  t.equal(of({ baseline: Array.from({ length: 13 }, () => 0) }).drift, null)
  t.equal(of({ baseline: [...Array.from({ length: 13 }, () => 0), null, null] }).drift, null)
  const long = [...Array.from({ length: 100 }, () => 5), ...Array.from({ length: 28 }, () => 0)]
  t.match(of({ baseline: long }).drift, { baseline: 0, days: 28 })
})

t.test('nothing on one side or on both', async t => {
  t.match(of({ ga4_revenue: 0 }), { value: 0, code: 'ZERO_GA4', variance_pct: null })
  t.match(of({ platform_revenue: 0 }), { value: 0, code: 'ZERO_PLATFORM', variance_pct: -100 })
  const both = { platform_revenue: 0, ga4_revenue: 0 }
  t.match(of(both), { value: 0, code: 'ZERO_BOTH' })
  t.match(of({ ...both, spend: 0 }), { value: null, reason: 'NO_REVENUE' })
  t.match(of({ ...both, median_revenue: 0 }), { value: null, reason: 'NO_REVENUE' })
  t.match(of({ ...both, median_revenue: null }), { value: null, reason: 'NO_REVENUE' })
  t.match(of({ ga4_revenue: null }), { value: null, reason: 'NO_GA4' })
  t.match(of({ platform_revenue: null }), { value: null, reason: 'NO_PLATFORM' })
  t.match(of({ platform_revenue: -5 }), { value: 0, code: 'ZERO_PLATFORM' }, 'more refunded than sold')
})

t.test('never NaN, never outside 0 to 100', async () => {
  const money = fc.option(fc.integer({ min: -10, max: Number.MAX_SAFE_INTEGER }))
  const counted = fc.option(fc.nat(1000))
  const inputs = fc.record({
    platform_revenue: money,
    ga4_revenue: money,
    platform_conversions: counted,
    ga4_conversions: counted,
    spend: money,
    median_revenue: money,
    baseline: fc.array(fc.option(fc.double({ min: -30, max: 30, noNaN: true })), { maxLength: 40 }),
  })
  fc.assert(
    fc.property(inputs, given => {
      const { value, level, variance_pct, drift } = variance(given, POLICY)
      const isScore = (x: number | null) => x === null || (x >= 0 && x <= 100)
      const numbers = [variance_pct, drift?.z ?? null, drift?.spread ?? null]
      return isScore(value) && isScore(level) && numbers.every(x => x === null || Number.isFinite(x))
    }),
  )
})

t.test('median', async t => {
  t.equal(median([]), null)
  t.equal(median([3, 1, 2]), 2)
  t.equal(median([4, 1, 2, 3]), 2.5)
  t.equal(median([-10, 9, 2]), 2, 'sorted as numbers')
})
