import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { additiveCredits } from '../../../pipelines/attribution/model/additive.ts'
import { type PathRow, pathsOf } from '../../../pipelines/attribution/model/paths.ts'
import { conversionRateShapley } from '../../../pipelines/attribution/model/shapley/conversion-rate.ts'
import { orderedShapley } from '../../../pipelines/attribution/model/shapley/ordered.ts'
import { near } from './support/near.ts'
import { anyRows, byChannel, sum, written } from './support/paths.ts'
import { byForce } from './support/shapley-by-force.ts'

t.test('G4, jrkinley: in hundredths, which are whole', async t => {
  const paths = written(
    ['F', 18],
    ['G', 4],
    ['L', 8],
    ['F > G', 10],
    ['F > L', 26],
    ['G > L', 7],
    ['F > G > L', 27],
  )
  const found = additiveCredits(paths, 'shapley').map(({ conversions }) => conversions / 100)
  for (const [i, wanted] of [0.45, 0.215, 0.335].entries()) near(t, found[i]!, wanted, '', 1e-12)
})

t.test('G6, eeghor', async t =>
  t.same(
    additiveCredits(written(['a', 4], ['a > b', 6]), 'shapley').map(({ conversions }) => conversions),
    [7, 3],
  ),
)

t.test('the closed form is the Shapley value, by all coalitions of up to 10 channels', async () => {
  fc.assert(
    fc.property(anyRows(10, 10), rows => {
      const paths = pathsOf(rows)
      const all = paths.channels.map((_, i) => i)
      for (const measure of ['conversions', 'value'] as const) {
        // What journeys brought whose channels are all in the coalition.
        const worth = byForce(all, coalition => {
          const within = paths.rows.filter(row => row.path.every(channel => coalition.has(channel)))
          return sum(within.map(row => row[measure]))
        })
        for (const [i, credit] of additiveCredits(paths, 'shapley').entries())
          assert.ok(Math.abs(credit[measure]! - worth[i]!) < 1e-9)
      }
    }),
    { numRuns: 20 },
  )
})

t.test('ordered: over all places it is the Shapley credit; repeats split it', async t => {
  t.same(orderedShapley(written(['a > b > a', 4])), [
    { channel: 'a', place: 0, conversions: 1, value: 10 },
    { channel: 'a', place: 2, conversions: 1, value: 10 },
    { channel: 'b', place: 1, conversions: 2, value: 20 },
  ])
  t.same(orderedShapley(written(['a > a > b', 4]), { firsts: true }), [
    { channel: 'a', place: 0, conversions: 2, value: 20 },
    { channel: 'b', place: 1, conversions: 2, value: 20 },
  ])
  fc.assert(
    fc.property(anyRows(), fc.boolean(), (rows, firsts) => {
      const paths = pathsOf(rows)
      const places = orderedShapley(paths, { firsts })
      for (const { channel, conversions, value } of additiveCredits(paths, 'shapley')) {
        const own = places.filter(place => place.channel === channel)
        assert.ok(Math.abs(sum(own.map(place => place.conversions)) - conversions) < 1e-9)
        assert.ok(Math.abs(sum(own.map(place => place.value!)) - value!) < 1e-9)
      }
    }),
  )
})

t.test('ordered: a place has the journeys that have it (Zhao), by force', async () => {
  fc.assert(
    fc.property(anyRows(4, 5), rows => {
      const places = orderedShapley(pathsOf(rows))
      for (const { channel, place, conversions } of places) {
        const parts = rows
          .filter(row => row.path[place] === channel)
          .map(
            ({ path, conversions }) =>
              conversions / new Set(path).size / path.filter(c => c === channel).length,
          )
        assert.ok(Math.abs(conversions - sum(parts)) < 1e-9)
      }
    }),
  )
})

/** Conversions ÷ journeys that touched exactly these. */
const rateAmong = (rows: readonly PathRow[]) => (channels: ReadonlySet<string>) => {
  const same = rows.filter(({ path }) => {
    const own = new Set(path)
    return own.size === channels.size && path.every(channel => channels.has(channel))
  })
  const conversions = sum(same.map(row => row.conversions))
  const journeys = conversions + sum(same.map(row => row.nulls!))
  return journeys > 0 ? conversions / journeys : 0
}

t.test('conversion rates: by all coalitions of every set that converted', async () => {
  fc.assert(
    fc.property(anyRows(5, 5), rows => {
      const rate = rateAmong(rows)
      const wanted = new Map<string, number>()
      const sets = new Map(
        rows.map(({ path }) => [[...new Set(path)].sort().join(), [...new Set(path)].sort()]),
      )
      for (const [key, members] of sets) {
        const brought = sum(
          rows.filter(({ path }) => [...new Set(path)].sort().join() === key).map(row => row.conversions),
        )
        if (brought === 0) continue
        const worth = byForce(members, rate)
        for (const [i, member] of members.entries())
          wanted.set(member, (wanted.get(member) ?? 0) + (brought * worth[i]!) / rate(new Set(members)))
      }
      for (const { channel, conversions } of conversionRateShapley(pathsOf(rows))) {
        const right = wanted.get(channel) ?? 0
        assert.ok(
          Math.abs(conversions - right) <= 1e-9 * Math.max(1, Math.abs(right)),
          `${channel} ${conversions} ${right}`,
        )
      }
    }),
  )
})

t.test('conversion rates: credits add up, and can be below 0', async t => {
  const paths = written(['a', 1, 1], ['a > b', 1, 9])
  const credits = byChannel(conversionRateShapley(paths))
  // v(ab) = .1, v(a) = .5: b takes .2 of .1 away.
  near(t, credits.get('a')!.conversions, 1 + 3)
  near(t, credits.get('b')!.conversions, -2)
  near(t, credits.get('b')!.value!, -20)
  t.throws(
    () => conversionRateShapley(pathsOf([{ path: ['a'], conversions: 1, value: 1, nulls: null }])),
    /total_null/,
  )
})

t.test('conversion rates of a set of 2,000 channels: nothing overflows', async t => {
  const many = Array.from({ length: 2_000 }, (_, i) => `c${i}`)
  const row = (path: string[]) => ({ path, conversions: 1, value: 1, nulls: 1 })
  const credits = conversionRateShapley(pathsOf([row(many), row(many.slice(0, 1_000)), row(['c7'])]))
  t.ok(credits.every(({ conversions }) => Number.isFinite(conversions)))
  near(t, sum(credits.map(({ conversions }) => conversions)), 3)
})
