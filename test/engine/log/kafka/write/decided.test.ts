import t from 'tap'
import { decided } from '../../../../../engine/log/kafka/write/decided.ts'

const at = { topic: 'cells', partition: 0 }

t.test(
  'waits until what was written at the beginning is decided, and for nothing that comes later',
  async t => {
    const ends = [3, 3, 7]
    let asked = 0
    await decided({ ...at, written: async () => 7 + asked++ * 100, end: async () => ends.shift()! })
    t.strictSame([ends, asked], [[], 1])
  },
)

t.test('a transaction that hangs is an outage that says how it is ended', async t => {
  const hangs = decided({ ...at, written: async () => 7, end: async () => 3, patienceMs: 1 })
  await t.rejects(hangs, { code: 'STORE_UNAVAILABLE', message: /cells\/0 .*kafka-transactions/ })
})
