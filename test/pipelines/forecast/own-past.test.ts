import fc from 'fast-check'
import t from 'tap'
import {
  KNOTS,
  measuredCoverage,
  noPast,
  type OwnPast,
  remember,
  settle,
  widthFor,
} from '../../../pipelines/forecast/model/month-end/own-past.ts'

/** Intervals of knot 14 that were missed (true) or hit, one after the other. */
function judged(misses: readonly boolean[]): OwnPast {
  let past = noPast()
  for (const [i, miss] of misses.entries()) {
    past = remember(past, i * 14, h => (h === 14 ? { lower: 0, upper: 1 } : null))
    past = settle(past, (i + 1) * 14, () => (miss ? 2 : 0.5))
  }
  return past
}

t.test('golden D: miss, hit, hit, miss', async t => {
  const past = judged([true, false, false, true])
  t.ok(Math.abs(widthFor(past, 14) - 1.018163) < 1e-6)
  t.ok(Math.abs(widthFor(past, 10) - 1.007744) < 1e-6)
  t.equal(widthFor(past, 7), 1)
  t.equal(widthFor(past, 91), 1)
})

t.test('an interval waits for its last day and is settled once', async t => {
  let past = noPast()
  for (let day = 0; day < 100; day++) {
    past = settle(past, day, () => 0.5)
    past = remember(past, day, () => ({ lower: 0, upper: 1 }))
    past = remember(past, day, () => ({ lower: 5, upper: 6 }))
  }
  t.same(
    past.pending.map(waiting => waiting.length),
    KNOTS,
    '74 in all',
  )
  t.same(
    past.settled,
    KNOTS.map(h => 100 - h),
  )
  t.same(past.inside, past.settled)
})

t.test('a day that nobody knows settles nothing', async t => {
  const past = settle(
    remember(noPast(), 0, () => ({ lower: 0, upper: 1 })),
    1,
    () => null,
  )
  t.equal(past.settled[0], 0)
  t.equal(past.pending[0]!.length, 0)
})

t.test('a coverage is not yet measured below 60', async t => {
  t.equal(measuredCoverage(judged(Array(59).fill(false)))[3]!.inside, null)
  const measured = measuredCoverage(judged([...Array(57).fill(false), true, true, true]))
  t.same(measured[3], { h: 14, inside: 57 / 60, n: 60 })
})

t.test('the width stays within its bounds', async () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 150 }), fc.integer({ min: 1, max: 91 }), (misses, h) => {
      const g = widthFor(judged(misses), h)
      return g >= 0.8 - 1e-12 && g <= 1.5 + 1e-12
    }),
  )
})
