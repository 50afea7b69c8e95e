import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type Fetched, FetchedCache } from '../../../../../engine/log/kafka/read/fetched.ts'

const MB = 1 << 20

/** An answer; its bytes are never looked at, only counted. */
const fetched = (partition: number, from: number, megabytes = 1): Fetched =>
  ({ topic: 't', partition, from, records: { length: megabytes * MB } }) as unknown as Fetched

t.test('an answer is found from where it was asked for up to where its last batch ends', async t => {
  const cache = new FetchedCache()
  const answer = fetched(0, 10)
  cache.put(answer, 20)
  for (const from of [10, 15, 19]) t.equal(cache.get('t', 0, from), answer)
  for (const from of [9, 20, 21]) t.equal(cache.get('t', 0, from), undefined)
  t.equal(cache.get('t', 1, 15), undefined)
  t.equal(cache.get('u', 0, 15), undefined)
})

t.test('the last answer of a partition takes the place of the one before', async t => {
  const cache = new FetchedCache()
  const [one, other] = [fetched(0, 10), fetched(0, 20)]
  cache.put(one, 20)
  cache.put(other, 30)
  t.equal(cache.get('t', 0, 15), undefined)
  t.equal(cache.get('t', 0, 25), other)
})

t.test('an answer without a whole batch is not kept, and the one before is not right any more', async t => {
  const cache = new FetchedCache()
  cache.put(fetched(0, 10), 20)
  cache.put(fetched(0, 20), 20)
  t.equal(cache.get('t', 0, 15), undefined)
  t.equal(cache.get('t', 0, 20), undefined)
})

t.test('what was used least lately goes first, and what is kept fits', async () => {
  const put = fc.record({ partition: fc.nat(5), megabytes: fc.integer({ min: 1, max: 20 }), get: fc.nat(5) })
  fc.assert(
    fc.property(fc.array(put), steps => {
      const cache = new FetchedCache()
      // From used least lately to used last.
      let model: { partition: number; megabytes: number }[] = []
      for (const { partition, megabytes, get } of steps) {
        cache.put(fetched(partition, 0, megabytes), 1)
        model = [...model.filter(m => m.partition !== partition), { partition, megabytes }]
        while (model.reduce((sum, m) => sum + m.megabytes, 0) > 32) model.shift()
        const found = model.find(m => m.partition === get)
        assert.equal(cache.get('t', get, 0)?.records.length, found && found.megabytes * MB)
        if (found) model = [...model.filter(m => m !== found), found]
      }
      for (let partition = 0; partition <= 5; partition++)
        assert.equal(
          cache.get('t', partition, 0) !== undefined,
          model.some(m => m.partition === partition),
        )
    }),
  )
})
