import t from 'tap'
import { type Prepared, prepare, sumAhead } from '../../../pipelines/forecast/model/month-end/month-end.ts'
import { sumsAhead, surplus, withOpen } from '../../../pipelines/pacing/model/sums.ts'

/** Golden A of statistics.md, as long as a window. */
const days = Array.from({ length: 182 }, (_, i) => 100 + 10 * ((5 * i) % 7) + ((37 * i) % 11))
const prepared = prepare(days) as Prepared

t.test('sums of coming days are those that are asked for one by one', async t => {
  const options = (h: number) => ({ g: 1 + h / 100, wander: 'MEASURED' }) as const
  const all = sumsAhead(prepared, 366, options)
  t.equal(all.length, 366)
  for (const [i, { mean, lower }] of all.entries()) {
    const one = sumAhead(prepared, i + 1, options(i + 1))
    t.ok(mean === one.mean && lower === one.lower, `${i + 1} days: ${mean} ${lower}`)
  }
  t.strictSame(sumsAhead('SHORT_HISTORY', 2), [
    { mean: null, lower: null },
    { mean: null, lower: null },
  ])
})

t.test(
  'a target with a distant end hung the engine: each day that it is longer costs one look at a weekday',
  async t => {
    let looks = 0
    const index = (i: number) => {
      looks++
      return prepared.window.index(i)
    }
    const counted = { ...prepared, window: { ...prepared.window, index } }
    const of = (days: number) => {
      looks = 0
      sumsAhead(counted, days)
      return looks
    }
    const quarter = of(200)
    t.equal(of(20_000) - quarter, 20_000 - 200)
  },
)

t.test('a day that has not closed brings what is forecast, or what it has brought already', async t => {
  const sums = [
    { mean: 100, lower: 80 },
    { mean: 200, lower: 170 },
    { mean: 300, lower: null },
  ]
  t.equal(surplus(sums, [40]), 0)
  t.equal(surplus(sums, [130, 150]), 80)
  t.strictSame(withOpen(sums, []), sums)
  t.strictSame(withOpen(sums, [90]), [{ mean: 100, lower: 90 }, ...sums.slice(1)])
  t.strictSame(withOpen(sums, [130, 150]), [
    { mean: 130, lower: 130 },
    { mean: 280, lower: 280 },
    { mean: 380, lower: null },
  ])
  t.strictSame(withOpen(sumsAhead('SHORT_HISTORY', 2), [130]), [
    { mean: null, lower: 130 },
    { mean: null, lower: null },
  ])
})
