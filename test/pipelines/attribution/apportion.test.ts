import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { apportion } from '../../../pipelines/attribution/model/apportion.ts'
import { exactSum } from '../../../pipelines/attribution/model/exact-sum.ts'
import { sum } from './support/paths.ts'

t.test('what is left over goes to those that lost most, of equals to the earlier', async t => {
  t.same(apportion(10, [1, 1, 1]), [4, 3, 3])
  t.same(apportion(100, [21, 21, 58, 0]), [21, 21, 58, 0])
  t.same(apportion(7, [1, 2, 4]), [1, 2, 4])
  t.same(apportion(5, [1, 3]), [1, 4], '1.25 and 3.75')
  t.same(apportion(1, [0, 1, 1]), [0, 1, 0], 'what has no weight gets nothing')
  t.same(apportion(0, [1, 1]), [0, 0])
})

t.test('parts add up to the last unit, and each is its share to less than one', async () => {
  const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-300, max: 1e300, noNaN: true }), fc.nat(9))
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.array(weight, { minLength: 1, maxLength: 40 }), (total, weights) => {
      const all = sum(weights)
      fc.pre(all > 0)
      const parts = apportion(total, weights)
      assert.equal(
        parts.reduce((left, part) => left - BigInt(part), BigInt(total)),
        0n,
      )
      for (const [i, part] of parts.entries()) {
        assert.ok(Number.isSafeInteger(part) && part >= 0)
        if (weights[i] === 0) assert.equal(part, 0)
        // A double has 53 bits: of large totals shares are known to a few units.
        assert.ok(Math.abs(part - total * (weights[i]! / all)) < 1 + total * 1e-14)
      }
    }),
  )
})

t.test('what cannot be shared out is refused', async t => {
  for (const weights of [[], [0, 0], [Number.NaN], [Number.POSITIVE_INFINITY, 1], [-1, 0]])
    t.throws(() => apportion(5, weights), /share out nothing/)
  for (const total of [-1, 0.5, Number.NaN, 2 ** 53]) t.throws(() => apportion(total, [1]), /whole units/)
})

t.test('a sum is rounded once, whatever the order', async t => {
  t.equal(exactSum([1e100, 1, -1e100]), 1)
  t.equal(exactSum(Array.from({ length: 10 }, () => 0.1)), 1)
  t.equal(exactSum([1e16, 1, 1e-16]), 10000000000000002, 'a tie is settled by what follows')
  t.equal(exactSum([]), 0)
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true })), numbers => {
      assert.equal(exactSum(numbers.toSorted((a, b) => a - b)), exactSum(numbers))
    }),
  )
})
