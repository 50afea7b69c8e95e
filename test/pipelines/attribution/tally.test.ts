import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { additiveCredits } from '../../../pipelines/attribution/model/additive.ts'
import { DIMENSIONS, daysBefore, type Journey } from '../../../pipelines/attribution/model/journey.ts'
import { pathsOf } from '../../../pipelines/attribution/model/paths.ts'
import { splitOf, UNITS } from '../../../pipelines/attribution/model/split.ts'
import {
  addJourney,
  attributed,
  emptyTally,
  retractJourney,
  type Tally,
} from '../../../pipelines/attribution/model/tally.ts'
import { ADDITIVE_MODELS } from '../../../pipelines/attribution/model/weights.ts'
import { anyJourney, journey, NOON } from './support/journeys.ts'
import { kept } from './support/kept.ts'
import { byChannel, sum } from './support/paths.ts'

const tallied = (journeys: readonly Journey[]): Tally => {
  const tally = emptyTally()
  for (const one of journeys) addJourney(tally, one)
  return tally
}

t.test('a journey split over its touches by each model', async t => {
  const one = journey('meta google direct', { days: [14, 7, 0] })
  const units = (model: (typeof ADDITIVE_MODELS)[number]) => splitOf(one, model, 'channel').units
  t.same(units('last_touch'), [0, 0, 1_000_000_000])
  t.same(units('first_touch'), [1_000_000_000, 0, 0])
  t.same(
    units('linear'),
    [333_333_334, 333_333_333, 333_333_333],
    'of equals the earlier has what is left over',
  )
  t.same(units('position_based'), [400_000_000, 200_000_000, 400_000_000])
  t.same(units('time_decay'), [142_857_143, 285_714_286, 571_428_571], 'product.md §2 row 32')
  t.same(splitOf(journey('ma mb ma'), 'shapley', 'channel').units, [500_000_000, 500_000_000, 0])
  t.same(splitOf(journey('ma mb ma'), 'shapley', 'platform').units, [1_000_000_000, 0, 0], 'one platform')
  t.same(splitOf(journey('a b', { valueMicros: null }), 'linear', 'ad').micros, null)
})

t.test('touch counts are of converting paths', async t => {
  const tally = tallied([
    journey('meta google meta'),
    journey('google google'),
    journey('meta', { conversions: 0 }),
    journey('direct', { conversions: 2 }),
  ])
  const counts = attributed(tally, 'linear', 'channel').map(row => [
    row.key,
    row.paths,
    row.firstTouchCount,
    row.lastTouchCount,
    row.assistedCount,
  ])
  t.same(counts, [
    ['direct', 1, 1, 1, 0],
    ['google', 2, 1, 1, 2],
    ['meta', 1, 1, 1, 1],
  ])
})

t.test('a value that is not known is not 0', async t => {
  const tally = tallied([journey('meta', { valueMicros: null }), journey('google', { valueMicros: 5 })])
  addJourney(tally, journey('google', { valueMicros: null }))
  t.match(attributed(tally, 'linear', 'channel'), [
    { key: 'google', conversions: 2, valueMicros: 5, paths: 2, unvaluedPaths: 1 },
    { key: 'meta', conversions: 1, valueMicros: null, paths: 1, unvaluedPaths: 1 },
  ])
})

t.test('credits are those of the models on paths, to a billionth a journey', async () => {
  fc.assert(
    fc.property(
      fc.array(anyJourney, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(...DIMENSIONS),
      (all, by) => {
        const tally = tallied(all)
        const paths = pathsOf(
          all.map(one => ({
            path: one.touches.map(touch => touch[by]),
            conversions: one.conversions,
            value: one.valueMicros ?? 0,
            nulls: one.conversions === 0 ? 1 : 0,
            daysBefore: daysBefore(one),
          })),
        )
        for (const model of ADDITIVE_MODELS) {
          const wanted = byChannel(additiveCredits(paths, model))
          for (const { key, conversions, valueMicros } of attributed(tally, model, by)) {
            assert.ok(
              Math.abs(conversions - wanted.get(key)!.conversions) <= 9e-9 * all.length,
              `${model} ${key}`,
            )
            assert.ok(
              Math.abs((valueMicros ?? 0) - wanted.get(key)!.value!) <= 9 * all.length,
              `${model} ${key}`,
            )
          }
        }
      },
    ),
  )
})

t.test('credits add up to the conversions and the value exactly', async () => {
  fc.assert(
    fc.property(fc.array(anyJourney), all => {
      const tally = tallied(all)
      for (const by of DIMENSIONS)
        for (const model of ADDITIVE_MODELS) {
          const rows = attributed(tally, model, by)
          assert.equal(
            sum(rows.map(row => Math.round(row.conversions * UNITS))),
            sum(all.map(one => one.conversions)) * UNITS,
          )
          assert.equal(sum(rows.map(row => row.valueMicros ?? 0)), sum(all.map(one => one.valueMicros ?? 0)))
          assert.equal(
            sum(rows.map(row => row.firstTouchCount)),
            all.filter(one => one.conversions > 0).length,
          )
        }
    }),
  )
})

t.test('taken off again, in any order, a journey leaves no trace; nor does packing', async () => {
  fc.assert(
    fc.property(fc.array(anyJourney), fc.array(anyJourney), fc.boolean(), (stay, taken, isPacked) => {
      const wanted = tallied(stay)
      let tally = emptyTally()
      // Those that stay and those that go, in turns.
      for (let i = 0; i < Math.max(stay.length, taken.length); i++) {
        if (taken[i]) addJourney(tally, taken[i]!)
        if (stay[i]) addJourney(tally, stay[i]!)
      }
      if (isPacked) tally = kept(tally)
      for (const one of taken.toReversed()) retractJourney(tally, one)
      assert.deepEqual(tally, wanted)
      assert.deepEqual(tallied(stay.toReversed()), wanted)
    }),
  )
})

t.test('what was never counted cannot be taken off, and nothing is changed by trying', async () => {
  fc.assert(
    fc.property(fc.array(anyJourney, { maxLength: 5 }), anyJourney, (all, stranger) => {
      fc.pre(stranger.conversions > 0)
      const tally = tallied(all)
      const before = structuredClone(tally)
      const touched = {
        ...stranger,
        touches: stranger.touches.map(touch => ({ ...touch, channel: 'nobody' })),
      }
      assert.throws(() => retractJourney(tally, touched), /was not counted for/)
      assert.deepEqual(tally, before)
      for (const one of all) retractJourney(tally, one)
      assert.deepEqual(tally, emptyTally())
    }),
  )
})

t.test('taken off with another value, a journey is told apart', async t => {
  const tally = tallied([journey('a b')])
  t.throws(() => retractJourney(tally, journey('a b', { valueMicros: 7 })), /was not counted/)
  t.throws(() => retractJourney(tally, journey('a b', { days: [9, 0] })), /was not counted/)
  t.same(tally, tallied([journey('a b')]))
})

t.test('more than can be counted exactly is refused, and nothing is changed', async t => {
  const tally = tallied([journey('a', { conversions: 4_000_000 })])
  const before = structuredClone(tally)
  t.throws(() => addJourney(tally, journey('b a', { conversions: 2_000_000 })), /too much for channel a/)
  t.same(tally, before)
})

t.test('a journey that is none is refused', async t => {
  const one = journey('a b')
  const wrong = (change: Partial<Journey>, message: RegExp) =>
    t.throws(() => addJourney(emptyTally(), { ...one, ...change }), message)
  wrong({ touches: [] }, /has no touches/)
  wrong({ touches: one.touches.toReversed() }, /touch 2 .* in order of time/)
  wrong({ closedAt: NOON - 1 }, /touch 2 .* in order of time/)
  wrong({ conversions: -1 }, /-1 conversions/)
  wrong({ conversions: 0.5 }, /0.5 conversions/)
  wrong({ valueMicros: -5 }, /-5 micros/)
  wrong({ valueMicros: 1.5 }, /1.5 micros/)
  wrong({ valueMicros: Number.NaN }, /NaN micros/)
  wrong({ conversions: 0, valueMicros: 5 }, /without a conversion/)
  wrong({ touches: [{ ...one.touches[0]!, at: Number.NaN }] }, /touch 1 at NaN/)
  t.throws(() => emptyTally(0), /half-life/)
})

t.test('a journey of 100,000 touches adds up', async t => {
  const days = Array.from({ length: 100_000 }, (_, i) => (100_000 - i) / 1_000)
  const long = journey(days.map((_, i) => `c${i % 5_000}`).join(' '), { days, valueMicros: 123_456_789 })
  const tally = tallied([long])
  for (const model of ADDITIVE_MODELS) {
    const rows = attributed(tally, model, 'channel')
    t.equal(sum(rows.map(row => Math.round(row.conversions * UNITS))), UNITS, model)
    t.equal(sum(rows.map(row => row.valueMicros!)), 123_456_789, model)
  }
  retractJourney(tally, long)
  t.same(tally, emptyTally())
})
