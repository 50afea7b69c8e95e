import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { PlatformLimits } from '../../../plugins/simulator/limits.ts'

t.test('calls are counted as if all that ever came were gone through each time', async t => {
  const call = fc.record({
    after: fc.integer({ min: 0, max: 6 }),
    cost: fc.integer({ min: 1, max: 3 }),
    key: fc.constantFrom('a', 'b'),
  })
  const limits = [
    { calls: 5, perMs: 10 },
    { calls: 12, perMs: 40 },
  ]
  const law = () =>
    fc.assert(
      fc.property(fc.array(call, { minLength: 150, maxLength: 300 }), calls => {
        let now = 0
        const platform = new PlatformLimits(limits, () => now)
        const through: { key: string; at: number; cost: number }[] = []
        let refused = 0
        for (const { after, cost, key } of calls) {
          now += after
          const usedIn = (perMs: number) =>
            through
              .filter(one => one.key === key && one.at > now - perMs)
              .reduce((sum, one) => sum + one.cost, 0)
          for (const { calls, perMs } of limits)
            assert.equal(platform.left(key, perMs), calls - usedIn(perMs))
          const isOver = limits.some(limit => usedIn(limit.perMs) + cost > limit.calls)
          const waitMs = platform.refuse(key, cost)
          assert.equal(waitMs !== null, isOver)
          if (isOver) refused++
          else through.push({ key, at: now, cost })
        }
        assert.equal(platform.refused, refused)
        assert.ok(platform.fullest <= 1)
        for (const [key, windows] of platform.windows(10)) {
          const own = through.filter(one => one.key === key)
          assert.equal(
            windows.reduce((sum, n) => sum + n, 0),
            own.reduce((sum, one) => sum + one.cost, 0),
          )
        }
      }),
      { numRuns: 40 },
    )
  t.doesNotThrow(law)
})

t.test('windows follow each other, with those in which nothing was asked', async t => {
  let now = 100
  const platform = new PlatformLimits([{ calls: 3, perMs: 10 }], () => now)
  for (const at of [100, 109, 110, 141]) {
    now = at
    t.equal(platform.refuse('a'), null)
  }
  t.same(platform.windows(10), new Map([['a', [2, 1, 0, 0, 1]]]))
  t.equal(platform.refuse('a', 3), 10)
})
