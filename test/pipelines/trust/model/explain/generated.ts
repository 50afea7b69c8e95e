import fc from 'fast-check'
import type { TrustInputs } from '../../../../../pipelines/trust/model/evaluate.ts'
import { HOUR, NOW } from '../../policy.ts'

/** Whatever a platform may look like: much of it unknown, some of it absurd. */
const count = fc.oneof(fc.nat(100), fc.nat(100_000))
const maybe = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { freq: 4 })
const money = fc.oneof(fc.constant(0), fc.nat(3_000_000_000), fc.integer({ min: -5, max: 1e12 }))
const time = fc.integer({ min: -100 * 60, max: 2 * 60 }).map(minutes => NOW + (minutes * HOUR) / 60)

const metric = fc.record({
  z: maybe(fc.double({ min: -20, max: 20, noNaN: true })),
  samples: fc.nat(100),
  days: fc.double({ min: 0, max: 60, noNaN: true }),
})

const drivers = fc.record({
  events: fc.array(
    fc.record({
      name: maybe(fc.constantFrom('Purchase', 'add_to_cart', 'Lead', 'PageView')),
      events: maybe(count),
      users: maybe(count),
      keys: maybe(
        fc.dictionary(
          fc.constantFrom('email', 'click_id', 'zip'),
          fc.record({ valid: count, distinct: count }),
        ),
      ),
      platform: maybe(
        fc.record({
          score: fc.double({ min: 0, max: 12, noNaN: true }),
          scale: maybe(fc.constant(10)),
          as_of: time,
        }),
      ),
    }),
    { maxLength: 3 },
  ),
  coverage: fc.record({
    pages: maybe(fc.record({ tagged: count, expected: count })),
    types: maybe(fc.record({ seen: fc.nat(5), configured: fc.nat(5) })),
    twins: maybe(fc.record({ both: count, browser: count })),
  }),
  latency: fc.record({ events: count, p90_hours: maybe(fc.double({ min: 0, max: 40, noNaN: true })) }),
  attribution: fc.record({ platform: maybe(count), ga4: maybe(count), had_conversions: fc.boolean() }),
  data_freshness: fc.record({
    last_event: maybe(time),
    p99_gap_minutes: maybe(fc.double({ min: 0, max: 1000, noNaN: true })),
    history_days: fc.nat(40),
  }),
})

export const trustInputs: fc.Arbitrary<TrustInputs> = fc.record({
  drivers,
  sources: fc.subarray(['spend', 'conversions', 'ga4', 'capi']).chain(names =>
    fc.tuple(
      ...names.map(name =>
        fc.record({
          name: fc.constant(name),
          watermark: maybe(time),
          fresh: fc.constantFrom(3, 24),
          stale: fc.constantFrom(25, 48),
          required: fc.boolean(),
        }),
      ),
    ),
  ),
  variance: fc.record({
    platform_revenue: maybe(money),
    ga4_revenue: maybe(money),
    platform_conversions: maybe(count),
    ga4_conversions: maybe(count),
    spend: maybe(money),
    median_revenue: maybe(money),
    baseline: fc.array(maybe(fc.double({ min: -2, max: 2, noNaN: true })), { maxLength: 30 }),
  }),
  anomaly: fc.record({
    metrics: fc.record(
      { spend: metric, conversions: metric, cpa: metric, roas: metric },
      { requiredKeys: [] },
    ),
    conversions: maybe(count),
  }),
})
