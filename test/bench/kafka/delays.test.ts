import fc from 'fast-check'
import t from 'tap'
import { Delays, quantile } from '../../../bench/kafka/delays.ts'

t.test('an event has come out with the first output that counts it', async t => {
  const delays = new Delays()
  delays.add('a', 1_000)
  delays.add('b', 2_000)
  delays.add('a', 3_000)
  delays.add('a', 4_000)
  const seen = [
    { window: 'a', events: 2, at: 9_000 },
    { window: 'b', events: 1, at: 9_000 },
    { window: 'a', events: 3, at: 10_000 },
    { window: 'a', events: 3, at: 11_000 },
  ]
  t.strictSame([...delays.measure(seen, 0, 1e9)], [6, 6, 7, 8])
  t.strictSame([...delays.measure(seen, 2_000, 4_000)], [6, 7])
  t.throws(() => delays.measure(seen.slice(0, 2), 0, 1e9), /a counts 2 events in the end, 3 were sent/)
  t.throws(() => delays.measure(seen.slice(2), 0, 1e9), /b counts 0 events in the end/)
  t.throws(() => delays.measure([{ window: 'a', events: 4, at: 0 }], 0, 1e9), /a counts 4 events/)
})

t.test('a quantile is one of the numbers, and so many do not exceed it', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (list, share) => {
        const sorted = Float64Array.from(list).sort()
        const found = quantile(sorted, share)
        return sorted.filter(n => n <= found).length >= sorted.length * share && sorted.includes(found)
      },
    ),
  )
})
