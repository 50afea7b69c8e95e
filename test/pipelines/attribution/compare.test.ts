import t from 'tap'
import { compareModels } from '../../../pipelines/attribution/model/compare.ts'

const credits = (model: string, of: Readonly<Record<string, number>>, value: number | null = 1) => ({
  model,
  keys: Object.entries(of).map(([key, conversions]) => ({ key, conversions, value })),
})

t.test('models side by side, the first as the basis', async t => {
  const rows = compareModels([
    credits('last_touch', { a: 4, b: 0 }),
    credits('markov', { a: 1, b: 2, c: 1 }),
    credits('linear', { a: 3, b: 1 }, null),
  ])
  t.same(
    rows.map(row => [row.key, row.model, row.conversions, row.value, row.share, row.change]),
    [
      ['a', 'last_touch', 4, 1, 1, 0],
      ['a', 'markov', 1, 1, 0.25, -0.75],
      ['a', 'linear', 3, null, 0.75, -0.25],
      ['b', 'last_touch', 0, 1, 0, null],
      ['b', 'markov', 2, 1, 0.5, null],
      ['b', 'linear', 1, null, 0.25, null],
      ['c', 'last_touch', 0, 0, 0, null],
      ['c', 'markov', 1, 1, 0.25, null],
      ['c', 'linear', 0, null, 0, null],
    ],
  )
})

t.test('models of other journeys are no comparison', async t => {
  t.throws(
    () => compareModels([credits('linear', { a: 4 }), credits('markov', { a: 4.00001 })]),
    /markov credits 4.00001 conversions and linear 4/,
  )
})

t.test('nothing by nothing is null', async t => {
  t.match(compareModels([credits('linear', { a: 0 })]), [{ share: null, change: null }])
  t.same(compareModels([]), [])
})
