import fc from 'fast-check'
import t from 'tap'
import { addTo, BLOCKS, blockOf, noBlocks, sumAt } from '../../../../pipelines/signals/model/blocks.ts'
import { addValue, distinctAt, nothingDistinct } from '../../../../pipelines/signals/model/distinct.ts'

const HOUR = 3_600_000_000
const START = Date.UTC(2026, 0, 15) * 1000

t.test('a sum is that of the events in the blocks of two days, in whatever order they came', async t => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 60 }), fc.nat(80), (hours, later) => {
      const blocks = noBlocks()
      for (const hour of hours) addTo(blocks, START + hour * HOUR)
      const newest = blockOf(START + Math.max(0, ...hours) * HOUR)
      const now = START + (Math.max(0, ...hours) + later) * HOUR
      // What is older than all blocks there are when it comes counts nowhere: it would not be in the window either.
      const oldest = Math.max(newest - BLOCKS, blockOf(now) - BLOCKS) + 1
      return sumAt(blocks, now) === hours.filter(hour => blockOf(START + hour * HOUR) >= oldest).length
    }),
    { numRuns: 500 },
  )
  t.pass()
})

t.test('different values are told from the same one, and forgotten after two days', async t => {
  for (const n of [0, 1, 10, 50, 200, 2_000, 50_000]) {
    const distinct = nothingDistinct()
    for (let i = 0; i < n; i++)
      for (const _ of [1, 2]) addValue(distinct, START + (i % 40) * HOUR, `value-${i}`)
    const estimate = distinctAt(distinct, START + 47 * HOUR)
    // Three standard errors of 13 %.
    t.ok(Math.abs(estimate - n) <= Math.max(2, 0.39 * n), `${n}: ${estimate}`)
    t.equal(distinctAt(distinct, START + 200 * HOUR), 0)
  }
})
