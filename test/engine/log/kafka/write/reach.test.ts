import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { Reach } from '../../../../../engine/log/kafka/write/reach.ts'
import { state, writing } from './writing.ts'

t.test('an end that was heard holds from the next transaction on, once', async t => {
  const ends = [7, 9]
  const reach = new Reach(async () => ends.shift()!, 0)
  t.same(reach.take(), {})
  await turn()
  t.match(reach.take(), { at: 7, time: Number })
  await turn()
  t.match(reach.take(), { at: 9 })
  await turn()
  const failing = new Reach(async () => Promise.reject(new Error('away')), 0)
  failing.take()
  await turn()
  t.same(failing.take(), {})
})

t.test('it is not asked for every transaction', async t => {
  let asked = 0
  const reach = new Reach(async () => ++asked)
  for (let i = 0; i < 5; i++) {
    reach.take()
    await turn()
  }
  t.equal(asked, 1)
})

t.test('a cache knew only how far it was when its writer began', async t => {
  const { writer, cache } = await writing(t, { end: async () => 500 })
  await writer.commit(state('a', '1'))
  t.match(cache.mark, { seq: 1, at: 0 })
  await turn()
  await writer.commit(state('a', '2'))
  t.match(cache.mark, { seq: 2, at: 500 })
})
