import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Row, type Told } from '../row.ts'
import { dates, shop } from './shop.ts'

/** Ten days of two platforms, all records in their order. */
function all(): Told[] {
  const shops = [
    shop({ purchases: 24 }),
    shop({ platform: 'google', trafficSource: 'google', purchases: 24 }),
  ]
  return [...dates('2026-01-01', 10)].flatMap(date => {
    const [a, b] = shops.map(s => [...s.day(date)])
    return a!.flatMap((batch, i) => [...batch.slice(0, -1), ...b![i]!])
  })
}

t.test('signals do not see where batches end, nor that a process forgot and read again', async t => {
  const told = all()
  const whole = await Row.open('tenant', 'facts')
  whole.feed(...told)
  assert.ok(whole.written.some(w => w.kind === 'signal_health'))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(told.length), { maxLength: 40 }),
      fc.boolean(),
      async (at, forgetful) => {
        const row = await Row.open('tenant', 'facts', { forgetful })
        const cuts = [...new Set([0, ...at, told.length])].sort((a, b) => a - b)
        for (let i = 1; i < cuts.length; i++) row.feed(...told.slice(cuts[i - 1], cuts[i]))
        for (const topic of ['signals', 'metrics', 'entities'])
          assert.deepEqual(
            row.written.filter(w => w.topic === topic),
            whole.written.filter(w => w.topic === topic),
          )
      },
    ),
    { numRuns: 12 },
  )
  t.pass()
})
