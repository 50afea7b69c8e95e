import fc from 'fast-check'
import t from 'tap'
import { numbersOf, rangesOf } from '../../../engine/sink/ranges.ts'

t.test('ranges are the numbers they were made of, and no longer than they must be', async t => {
  t.same(rangesOf([1, 2, 3, 7]), [1, 3, 7, 7])
  const numbers = fc.uniqueArray(fc.nat(60)).map(all => all.sort((a, b) => a - b))
  fc.assert(
    fc.property(numbers, all => {
      const ranges = rangesOf(all)
      const runs = all.filter(n => !all.includes(n - 1)).length
      return ranges.length === 2 * runs && numbersOf(ranges).join() === all.join()
    }),
  )
})
