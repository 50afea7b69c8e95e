import t from 'tap'
import { median, speedOf } from '../../../bench/kafka/curve.ts'
import { ratios } from '../../../bench/kafka/pair.ts'

t.test('speed runs from the first commit, and warm from a third of the events on', async t => {
  const curve = [
    { ms: 2_000, events: 0 },
    { ms: 3_000, events: 100 },
    { ms: 5_000, events: 300 },
    { ms: 6_000, events: 600 },
    { ms: 7_000, events: 900 },
  ]
  t.strictSame(speedOf(curve, 900), { startup: 3, whole: 200, warm: 300 })
  t.throws(() => speedOf(curve, 901), /did not commit/)
})

t.test('the ratio is the median of the pairs, not the ratio of medians', async t => {
  const result = (whole: number) => ({
    ...{ whole, warm: whole, startup: 1, cpu: 1, outputs: 1 },
    peak: { rss: 1, pss: 1, anon: 1 },
  })
  const theirs = [1, 10, 100].map(result)
  const ours = [2, 5, 300].map(result)
  t.equal(ratios({ theirs, ours }).whole, 2)
  t.equal(median([4, 1, 3, 2]), 2.5)
})
