import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type Chain, chainOf } from '../../../pipelines/attribution/model/markov/chain.ts'
import { fitOf, markovOf } from '../../../pipelines/attribution/model/markov/fit.ts'
import { byState } from '../../../pipelines/attribution/model/markov/moves.ts'
import { transitionsOf } from '../../../pipelines/attribution/model/markov/transitions.ts'
import { pathsOf } from '../../../pipelines/attribution/model/paths.ts'
import { removalsByForce } from './support/markov-by-force.ts'
import { near } from './support/near.ts'
import { anyRows, byChannel, rowsOf, sum, type Written, written } from './support/paths.ts'

/** attribution.md: the small goldens. */
const G1: Written[] = [
  ['A > B > A > B > B > A', 1],
  ['A > B > B > A > A', 1],
  ['A > A', 1],
]
const G2: Written[] = [
  ['C1 > C2 > C3', 1],
  ['C1', 0, 1],
  ['C2 > C3', 0, 1],
]
const G5: Written[] = [
  ['G', 2, 1],
  ['M', 1],
  ['G > M', 1],
]

const effects = (rows: readonly Written[]) =>
  markovOf(written(...rows)).channels.map(({ channel, removalEffect, conversions }) => [
    channel,
    Number(removalEffect!.toFixed(12)),
    Number(conversions.toFixed(12)),
  ])

t.test('G1, the vignette', async t =>
  t.same(effects(G1), [
    ['A', 1, 2],
    ['B', 0.5, 1],
  ]),
)

t.test('G2, analyzecore 2016', async t =>
  t.same(effects(G2), [
    ['C1', 0.5, 0.2],
    ['C2', 1, 0.4],
    ['C3', 1, 0.4],
  ]),
)

t.test('G5, with journeys that did not convert', async t =>
  t.same(effects(G5), [
    ['G', 0.75, 2.4],
    ['M', 0.5, 1.6],
  ]),
)

t.test('G3, the cookie data, from its counts', async t => {
  const names = ['Paid Search', 'Instagram', 'Online Display', 'Facebook', 'Online Video']
  const moves = [
    [0, 3038, 4269, 5725, 2596],
    [2266, 0, 1164, 10822, 1193],
    [3936, 1251, 0, 2300, 737],
    [4464, 15252, 2146, 0, 2254],
    [1964, 1307, 775, 2430, 0],
  ]
  const chain: Chain = {
    channels: names,
    order: 1,
    states: names.map((_, i) => [i]),
    starts: Float64Array.of(38105, 14309, 17125, 33424, 17091),
    conversions: Float64Array.of(4736, 2868, 2144, 4690, 3201),
    nulls: Float64Array.of(68476, 31153, 32236, 59319, 31285),
    values: new Float64Array(5),
    ...byState(
      moves.flatMap((row, i) => row.flatMap((n, j): [number, number, number][] => (n ? [[i, j, n]] : []))),
      5,
    ),
  }
  const wanted = [
    [0.3311037560086154, 4618.891257],
    [0.21731366149038456, 3031.521549],
    [0.15435482356041286, 2153.246927],
    [0.3547597674182721, 4948.892178],
    [0.2069141165564219, 2886.44809],
  ]
  for (const [i, { channel, removalEffect, conversions }] of fitOf(chain).channels.entries()) {
    near(t, removalEffect!, wanted[i]![0]!, channel, 1e-14)
    t.equal(conversions.toFixed(6), wanted[i]![1]!.toFixed(6), channel)
  }
})

t.test(
  'removal effects of any order are those of taking states away, by force and in fractions',
  async () => {
    fc.assert(
      fc.property(anyRows(4, 6), fc.integer({ min: 1, max: 4 }), fc.boolean(), (rows, order, withNulls) => {
        const removal = removalsByForce(rows, order, withNulls)
        const fit = markovOf(pathsOf(rows), { order, withNulls })
        for (const { channel, removalEffect, removalEffectValue } of fit.channels) {
          const wanted = removal(channel)
          assert.ok(Math.abs(removalEffect! - wanted.conversions!) <= 1e-12, `${channel}: ${removalEffect}`)
          if (wanted.value === null) assert.equal(removalEffectValue, null)
          else assert.ok(Math.abs(removalEffectValue! - wanted.value) <= 1e-12)
        }
      }),
      { numRuns: 150 },
    )
  },
)

t.test('states are tuples of raw touches: only equal tuples that follow each other are one', async t => {
  const names = (path: string, order: number) => {
    const chain = chainOf(written([path, 1]), order, true)
    return chain.states.map(tuple => tuple.map(i => chain.channels[i]).join(''))
  }
  t.same(names('A > A > A', 2), ['AA'])
  t.same(names('A > A > B > A > A', 2), ['AA', 'AB', 'BA'])
  t.same(names('A > B', 3), ['AB'], 'the whole path where it is shorter')
  t.same(names('A > B', 2), ['AB'])
})

t.test('transitions leave each state with 1 together, and none stays', async () => {
  fc.assert(
    fc.property(anyRows(4, 6), fc.integer({ min: 1, max: 3 }), (rows, order) => {
      const out = new Map<string, number>()
      for (const { from, to, probability } of transitionsOf(chainOf(pathsOf(rows), order, true))) {
        const name = from?.join() ?? '(start)'
        assert.notEqual(from?.join(), typeof to === 'string' ? to : to.join())
        out.set(name, (out.get(name) ?? 0) + probability)
      }
      for (const [name, total] of out) assert.ok(Math.abs(total - 1) < 1e-12, `${name} ${total}`)
    }),
  )
})

t.test('credits add up to the conversions and the value', async () => {
  fc.assert(
    fc.property(anyRows(), fc.integer({ min: 1, max: 3 }), fc.boolean(), (rows, order, withNulls) => {
      const { totals } = pathsOf(rows)
      const { channels } = markovOf(pathsOf(rows), { order, withNulls })
      assert.ok(Math.abs(sum(channels.map(c => c.conversions)) - totals.conversions) < 1e-9)
      assert.ok(Math.abs(sum(channels.map(c => c.value!)) - totals.value!) < 1e-9)
    }),
  )
})

t.test('another order of rows and equal rows apart change nothing, other names only roundings', async () => {
  const other = (name: string) => String.fromCharCode(219 - name.charCodeAt(0))
  fc.assert(
    fc.property(anyRows(), fc.integer({ min: 1, max: 3 }), (rows, order) => {
      const wanted = markovOf(pathsOf(rows), { order })
      assert.deepEqual(markovOf(pathsOf(rows.toReversed()), { order }), wanted)
      const apart = rows.flatMap(row => [
        { ...row, conversions: 0, value: 0 },
        { ...row, nulls: 0 },
      ])
      assert.deepEqual(markovOf(pathsOf(apart), { order }), wanted)
      const renamed = rows.map(row => ({ ...row, path: row.path.map(other) }))
      const found = byChannel(markovOf(pathsOf(renamed), { order }).channels)
      for (const { channel, removalEffect } of wanted.channels)
        assert.ok(Math.abs(found.get(other(channel))!.removalEffect! - removalEffect!) < 1e-12)
    }),
  )
})

t.test('without nulls, journeys that did not convert are as if they were not there', async t => {
  const rows = rowsOf(...G5, ['X', 0, 7])
  const converted = rowsOf(['G', 2], ['M', 1], ['G > M', 1])
  const { channels } = markovOf(pathsOf(rows), { withNulls: false })
  t.same(
    channels.filter(({ channel }) => channel !== 'X'),
    markovOf(pathsOf(converted)).channels,
  )
  t.match(byChannel(channels).get('X'), { conversions: 0, value: 0, removalEffect: 0 })
})

t.test('what does not convert, or is worth nothing, gets nothing, and there is no effect', async t => {
  t.same(markovOf(written(['a > b', 0, 3])).channels, [
    { channel: 'a', conversions: 0, value: 0, removalEffect: null, removalEffectValue: null },
    { channel: 'b', conversions: 0, value: 0, removalEffect: null, removalEffectValue: null },
  ])
  const [free] = markovOf(written(['a', 1, 1, 0])).channels
  t.same(free, { channel: 'a', conversions: 1, value: 0, removalEffect: 1, removalEffectValue: null })
  t.same(markovOf(written(['a', 0, 0])).channels[0]!.conversions, 0, 'rows of nothing at all')
  const unknown = pathsOf([{ path: ['a'], conversions: 1, value: null, nulls: null }])
  t.throws(() => markovOf(unknown), /not known how many journeys did not convert/)
  t.match(markovOf(unknown, { withNulls: false }).channels[0], { value: null, removalEffectValue: null })
})

t.test('an order that is none is refused', async t => {
  for (const order of [0, -1, 1.5, 11, Number.NaN])
    t.throws(() => markovOf(written(['a', 1]), { order }), /an order is a whole number from 1 to 10/)
})

t.test('counts that are not of whole journeys are refused, never answered', async t => {
  const chain = chainOf(written(['a > b', 1], ['b > a', 3], ['a', 2, 5]), 1, true)
  const bent: Chain = { ...chain, moves: chain.moves.map(n => n * 1.01) }
  t.throws(() => fitOf(bent), /not those of whole journeys/)
})

t.test('steps can be limited, as ChannelAttribution does, and then long journeys are lost', async t => {
  const paths = written(['a > b > c', 1], ['a', 1])
  t.same(
    markovOf(paths, { maxSteps: 1 }).channels.map(c => c.removalEffect),
    [1, 0, 0],
  )
  for (const order of [1, 2, 3]) {
    const loops = written(['a > b > a > c > a', 3, 2], ['b > a > c', 1, 4], ['c > c > b', 2, 1])
    const unlimited = markovOf(loops, { order }).channels
    for (const [i, { removalEffect }] of markovOf(loops, { order, maxSteps: 2_000 }).channels.entries())
      near(t, removalEffect!, unlimited[i]!.removalEffect!, `order ${order}`, 1e-12)
  }
  t.throws(() => markovOf(paths, { maxSteps: 0 }), /steps are a whole number/)
})
