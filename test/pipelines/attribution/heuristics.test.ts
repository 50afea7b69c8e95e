import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { additiveCredits } from '../../../pipelines/attribution/model/additive.ts'
import { pathsOf } from '../../../pipelines/attribution/model/paths.ts'
import {
  ADDITIVE_MODELS,
  type AdditiveModel,
  weightsOf,
} from '../../../pipelines/attribution/model/weights.ts'
import { near } from './support/near.ts'
import { anyRows, byChannel, sum, written } from './support/paths.ts'

/** attribution.md, G6 (eeghor). */
const G6 = written(['direct', 2], ['search > email', 3], ['search > social > email', 5])

const conversionsOf = (model: AdditiveModel, paths = G6) =>
  Object.fromEntries(additiveCredits(paths, model).map(credit => [credit.channel, credit.conversions]))

t.test('linear and position-based give the published figures', async t => {
  const linear = conversionsOf('linear')
  for (const [channel, wanted] of Object.entries({ direct: 2, search: 19 / 6, email: 19 / 6, social: 5 / 3 }))
    near(t, linear[channel]!, wanted, channel, 1e-12)
  const position = conversionsOf('position_based')
  for (const [channel, wanted] of Object.entries({ direct: 2, search: 3.5, email: 3.5, social: 1 }))
    near(t, position[channel]!, wanted, channel, 1e-12)
  t.same(conversionsOf('last_touch'), { direct: 2, email: 8, search: 0, social: 0 })
  t.same(conversionsOf('first_touch'), { direct: 2, email: 0, search: 8, social: 0 })
})

t.test('linear counts repeats, Shapley does not', async t => {
  const paths = written(['a > a > b', 6])
  t.same(conversionsOf('linear', paths), { a: 4, b: 2 })
  t.same(conversionsOf('shapley', paths), { a: 3, b: 3 })
})

t.test('position-based is 40/20/40; of one touch 100, of two 50/50', async t => {
  const share = (n: number) => {
    const weights = weightsOf('position_based', { keys: Array.from({ length: n }, (_, i) => i) })
    return weights.map(weight => weight / sum(weights))
  }
  t.same([1, 2, 3].map(share), [[1], [0.5, 0.5], [0.4, 0.2, 0.4]])
  t.same(share(6), [0.4, 0.05, 0.05, 0.05, 0.05, 0.4])
})

t.test('time decay: the figures of product.md §2 row 32', async t => {
  const shares = (...daysBefore: number[]) => {
    const weights = weightsOf('time_decay', { keys: daysBefore, daysBefore })
    return weights.map(weight => Number(((100 * weight) / sum(weights)).toFixed(1)))
  }
  t.same(shares(14, 7, 0), [14.3, 28.6, 57.1])
  t.same(shares(2, 1, 0), [30.1, 33.2, 36.7])
  t.same(
    shares(9_014, 9_007, 9_000),
    [14.3, 28.6, 57.1],
    'a journey of 25 years ago is not nothing by nothing',
  )
  const half = weightsOf('time_decay', { keys: [1, 2], daysBefore: [30, 0], halfLifeDays: 30 })
  t.same(half, [0.5, 1])
})

t.test('time decay without days is refused, and so is a half-life that is none', async t => {
  t.throws(() => additiveCredits(G6, 'time_decay'), /needs the days before the conversion/)
  for (const halfLifeDays of [0, -1, Number.NaN])
    t.throws(() => weightsOf('time_decay', { keys: [1], daysBefore: [0], halfLifeDays }), /half-life/)
  t.throws(() => weightsOf('linear', { keys: [] }), /at least one touch/)
})

t.test('what is not known of a path is not known of its channels', async t => {
  const paths = pathsOf([
    { path: ['a'], conversions: 1, value: 5, nulls: null },
    { path: ['b'], conversions: 1, value: null, nulls: null },
  ])
  t.same(paths.totals, { conversions: 2, value: null, nulls: null })
  t.same(
    additiveCredits(paths, 'linear').map(({ value }) => value),
    [null, null],
  )
})

t.test('credits of every model add up to the conversions and to the value', async () => {
  fc.assert(
    fc.property(anyRows(), fc.constantFrom(...ADDITIVE_MODELS), (rows, model) => {
      const timed = rows.map(row => ({
        ...row,
        daysBefore: row.path.map((_, i) => (row.path.length - i) * 3.5),
      }))
      const paths = pathsOf(timed)
      const credits = additiveCredits(paths, model)
      assert.ok(Math.abs(sum(credits.map(c => c.conversions)) - paths.totals.conversions) < 1e-9)
      assert.ok(Math.abs(sum(credits.map(c => c.value!)) - paths.totals.value!) < 1e-9)
      assert.ok(credits.every(c => c.conversions >= 0 && c.value! >= 0))
    }),
  )
})

t.test('other names, another order and equal rows apart change nothing', async () => {
  fc.assert(
    fc.property(anyRows(), fc.constantFrom(...ADDITIVE_MODELS), fc.array(fc.nat()), (rows, model, keys) => {
      const timed = rows.map(row => ({ ...row, daysBefore: row.path.map((_, i) => row.path.length - i) }))
      const wanted = additiveCredits(pathsOf(timed), model)
      const shuffled = timed
        .map((row, i) => ({ row, key: keys[i] ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ row }) => row)
      assert.deepEqual(additiveCredits(pathsOf(shuffled), model), wanted, 'to the last bit')
      const apart = timed.flatMap(row => [
        {
          ...row,
          conversions: Math.min(1, row.conversions),
          nulls: 0,
          value: row.conversions ? row.value / 4 : 0,
        },
        {
          ...row,
          conversions: Math.max(0, row.conversions - 1),
          value: row.conversions ? row.value - row.value / 4 : 0,
        },
      ])
      assert.deepEqual(additiveCredits(pathsOf(apart), model), wanted)
      const renamed = timed.map(row => ({ ...row, path: row.path.map(other) }))
      const found = byChannel(additiveCredits(pathsOf(renamed), model))
      for (const { channel, conversions } of wanted)
        assert.ok(Math.abs(found.get(other(channel))!.conversions - conversions) < 1e-12)
    }),
  )
})

/** a is z, b is y: the order of names is turned round. */
const other = (name: string) => String.fromCharCode(219 - name.charCodeAt(0))
