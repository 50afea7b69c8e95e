import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  addWay,
  conversionPaths,
  emptyWays,
  lengthsAndLags,
  pathRowsOf,
  retractWay,
  type WayTally,
} from '../../../pipelines/attribution/model/conversion-paths.ts'
import type { Journey } from '../../../pipelines/attribution/model/journey.ts'
import { anyJourney, journey } from './support/journeys.ts'
import { kept } from './support/kept.ts'

const tallied = (journeys: readonly Journey[]): WayTally => {
  const tally = emptyWays('channel')
  for (const one of journeys) addWay(tally, one)
  return tally
}

const WEEK = [
  journey('meta google', { days: [3, 0] }),
  journey('meta google', { days: [1.9, 1], valueMicros: 5 }),
  journey('meta google', { days: [9, 0], valueMicros: null }),
  journey('meta google', { conversions: 0 }),
  journey('direct', { days: [0.2], conversions: 2 }),
  journey('meta', { conversions: 0 }),
]

t.test('paths that converted, with length, lag and rate', async t => {
  t.same(conversionPaths(tallied(WEEK)), [
    {
      path: ['meta', 'google'],
      length: 2,
      journeys: 3,
      conversions: 3,
      valueMicros: 10_000_005,
      unvaluedJourneys: 1,
      nulls: 1,
      conversionRate: 0.75,
      medianLagDays: 3,
      p90LagDays: 9,
    },
    {
      path: ['direct'],
      length: 1,
      journeys: 1,
      conversions: 2,
      valueMicros: 10_000_000,
      unvaluedJourneys: 0,
      nulls: 0,
      conversionRate: 1,
      medianLagDays: 0,
      p90LagDays: 0,
    },
  ])
  t.same(lengthsAndLags(tallied(WEEK)), {
    lengths: [
      [1, 1],
      [2, 3],
    ],
    lags: [
      [0, 1],
      [1, 1],
      [3, 1],
      [9, 1],
    ],
  })
})

t.test('rows for the models', async t => {
  t.same(pathRowsOf(tallied(WEEK)), [
    { path: ['meta', 'google'], conversions: 3, value: null, nulls: 1 },
    { path: ['direct'], conversions: 2, value: 10_000_000, nulls: 0 },
    { path: ['meta'], conversions: 0, value: 0, nulls: 1 },
  ])
})

t.test('names with any characters do not run together', async t => {
  const odd = (...names: string[]): Journey => ({
    ...journey('a'),
    touches: names.map(name => ({
      at: 0,
      channel: name,
      source_medium: '',
      platform: '',
      campaign: '',
      ad: '',
    })),
  })
  const tally = tallied([odd('a > b'), odd('a', 'b'), odd('a","b')])
  t.equal(conversionPaths(tally).length, 3)
})

t.test('taken off again, in any order, a journey leaves no trace; nor does packing', async () => {
  fc.assert(
    fc.property(fc.array(anyJourney), fc.array(anyJourney), fc.boolean(), (stay, taken, isPacked) => {
      const wanted = tallied(stay)
      let tally = tallied([...taken, ...stay])
      if (isPacked) tally = kept(tally)
      for (const one of taken.toReversed()) retractWay(tally, one)
      assert.deepEqual(tally, wanted)
    }),
  )
})

t.test('what was never counted cannot be taken off', async t => {
  const tally = tallied(WEEK)
  for (const stranger of [
    journey('google meta'),
    journey('direct', { conversions: 0 }),
    journey('direct', { days: [4], conversions: 2 }),
    journey('direct', { days: [0.2], conversions: 1 }),
    journey('direct', { days: [0.2], conversions: 2, valueMicros: 7 }),
    journey('direct', { days: [0.2], conversions: 2, valueMicros: null }),
  ])
    t.throws(() => retractWay(tally, stranger), /no such journey was counted/)
  t.same(tally, tallied(WEEK))
  t.throws(() => addWay(tally, { ...journey('a'), touches: [] }), /no touches/)
})
