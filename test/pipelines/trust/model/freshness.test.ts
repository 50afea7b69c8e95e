import fc from 'fast-check'
import t from 'tap'
import { freshness, type Source } from '../../../../pipelines/trust/model/freshness.ts'
import { HOUR, MINUTE, NOW, POLICY } from '../policy.ts'

const source = (ageHours: number | null, change: Partial<Source> = {}): Source => ({
  name: 'spend',
  watermark: ageHours === null ? null : NOW - ageHours * HOUR,
  fresh: 24,
  stale: 48,
  required: true,
  ...change,
})
const of = (...sources: readonly Source[]) => freshness(sources, NOW, POLICY)

t.test('the golden rows and bounds of product.md §4.1', async t => {
  for (const [age, score] of [
    [30, 75],
    [42, 25],
    [0, 100],
    [24, 100],
    [36, 50],
    [48, 0],
    [49, 0],
  ] as const)
    t.equal(of(source(age)).value, score, `${age} h`)
  t.equal(of(source(13.5, { fresh: 3, stale: 24 })).value, 50, 'of a streaming source')
})

t.test('a microsecond beyond 24 h is less than 100, and before 48 h more than 0', async t => {
  t.ok(of(source(0, { watermark: NOW - 24 * HOUR - 1 })).value! < 100)
  t.ok(of(source(0, { watermark: NOW - 48 * HOUR + 1 })).value! > 0)
})

t.test('the least of the required sources decides', async t => {
  const found = of(
    source(30),
    source(42, { name: 'conversions' }),
    source(90, { name: 'capi', required: false }),
  )
  t.match(found, { value: 25, limiting: 'conversions', reason: null })
  t.match(found.sources[2], { name: 'capi', value: 0, age_hours: 90 })
  t.match(of(source(1), source(2, { name: 'ga4' })), { value: 100, limiting: 'ga4' }, 'of equals the oldest')
  t.match(of(source(1), source(1, { name: 'ga4' })), { limiting: 'spend' }, 'and of those the first')
  t.match(of(source(null), source(null, { name: 'ga4' })), { limiting: 'spend' })
})

t.test('one required source without data makes the whole unknown', async t => {
  t.match(of(source(1), source(null, { name: 'ga4' })), { value: null, reason: 'NO_DATA', limiting: 'ga4' })
  t.match(of(source(1), source(null, { name: 'ga4', required: false })), { value: 100 })
  t.match(of(), { value: null, reason: 'NO_SOURCES', limiting: null })
  t.match(of(source(1, { required: false })), { value: null, reason: 'NO_SOURCES' })
})

t.test('a dead source beside one that never had data was held and not blocked', async t => {
  const [dead, none] = [source(99), source(null, { name: 'ga4' })]
  for (const sources of [
    [dead, none],
    [none, dead],
  ]) {
    t.match(of(...sources), { value: 0, reason: null, limiting: 'spend' })
    const beside = freshness(sources, NOW, POLICY, false)
    t.match(beside, { value: null, reason: 'NO_DATA', limiting: 'ga4' }, 'without match quality')
  }
})

t.test('a watermark of the future: a little is a wrong clock, more than an hour is not believed', async t => {
  const ahead = (micros: number) => of(source(0, { watermark: NOW + micros }))
  t.match(ahead(5 * MINUTE), { value: 100, sources: [{ code: null, age_hours: 0 }] })
  t.match(ahead(5 * MINUTE + 1), {
    value: 100,
    reason: null,
    sources: [{ code: 'CLOCK_SKEW', age_hours: 0 }],
  })
  t.match(ahead(HOUR), { value: 100, sources: [{ code: 'CLOCK_SKEW' }] })
  t.match(ahead(HOUR + 1), { value: null, reason: 'WATERMARK_IN_FUTURE', sources: [{ age_hours: null }] })
})

t.test('time alone only worsens, and more sources never help', async () => {
  const some = fc.array(
    fc.record({
      name: fc.constantFrom('spend', 'conversions', 'ga4'),
      watermark: fc.option(fc.integer({ min: -80 * 3600, max: 1800 }).map(s => NOW + s * 1_000_000)),
      fresh: fc.integer({ min: 0, max: 30 }),
      stale: fc.integer({ min: 31, max: 60 }),
      required: fc.boolean(),
    }),
    { maxLength: 4 },
  )
  // Beside a known match quality 0 blocks, and what is unknown holds.
  const rank = (value: number | null) => (value === 0 ? -2 : (value ?? -1))
  fc.assert(
    fc.property(some, fc.nat(200), (sources, hours) => {
      const now = freshness(sources, NOW, POLICY).value
      const later = freshness(sources, NOW + hours * HOUR, POLICY).value
      const fewer = freshness(sources.slice(1), NOW, POLICY).value
      return rank(later) <= rank(now) && (fewer === null || rank(now) <= rank(fewer))
    }),
  )
})
