import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Past } from '../../../../engine/source/limits/past.ts'

t.test('sums are those of a list that is gone through, whatever is forgotten', async t => {
  const call = fc.record({ after: fc.integer({ min: 0, max: 3 }), cost: fc.integer({ min: 0, max: 5 }) })
  const calls = fc.array(call, { minLength: 200, maxLength: 400 })
  const window = fc.constantFrom(1, 12, 40)
  const law = () =>
    fc.assert(
      fc.property(calls, window, fc.integer({ min: 1, max: 40 }), (calls, window, wanted) => {
        const past = new Past()
        const list: { at: number; cost: number }[] = []
        let now = 0
        for (const { after, cost } of calls) {
          now += after
          past.add(now, cost)
          list.push({ at: now, cost })
          past.forget(now - 40)
          const inside = list.filter(one => one.at > now - window)
          assert.equal(
            past.costAfter(now - window),
            inside.reduce((sum, one) => sum + one.cost, 0),
          )
          let sum = 0
          const reached = inside.find(one => {
            sum += one.cost
            return sum >= wanted
          })
          assert.equal(past.reached(now - window, wanted), reached?.at ?? null)
        }
      }),
      { numRuns: 40 },
    )
  t.doesNotThrow(law)
})
