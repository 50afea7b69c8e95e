import { createHash } from 'node:crypto'
import t from 'tap'
import type { LogRecord } from '../../../engine/log/port.ts'
import { Digest, NOTHING } from '../../../engine/replay/digest.ts'

const record = (key: string, value: string | null): LogRecord => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  time: 0,
})
const [A, B, C] = [record('k', 'a'), record('k', 'b'), record('l', null)]

type Call = Parameters<Digest['add']>
const hashOf = (...calls: readonly Call[]) => {
  const digest = new Digest()
  for (const call of calls) digest.add(...call)
  return digest.end()
}

t.test('the same whatever the order of folds and partitions, and where batches end', async t => {
  const whole = hashOf(['in/0', 'x', 0, [A, B]], ['in/1', 'x', 0, [C]], ['in/0', 'y', 3, [A]])
  const parts = hashOf(
    ['in/0', 'y', 3, [A]],
    ['in/1', 'x', 0, [C]],
    ['in/0', 'x', 0, [A]],
    ['in/0', 'x', 0, [B]],
  )
  t.equal(whole.hash, parts.hash)
  t.same([...whole.topics].sort(), [...parts.topics].sort())
  t.match(whole.topics.get('x'), { records: 3, hash: /^[0-9a-f]{64}$/ })
})

t.test('order, place and every byte count', async t => {
  const hashes = [
    hashOf(['in/0', 'x', 0, [A, B]]),
    hashOf(['in/0', 'x', 0, [B, A]]),
    hashOf(['in/0', 'x', 1, [A, B]]),
    hashOf(['in/0', 'y', 0, [A, B]]),
    hashOf(['in/0', 'x', 0, [A]]),
    hashOf(['in/0', 'x', 0, [record('ka', '')]]),
    hashOf(['in/0', 'x', 0, [record('k', '')]]),
    hashOf(['in/0', 'x', 0, [record('k', null)]]),
    hashOf(),
  ].map(({ hash }) => hash)
  t.equal(new Set(hashes).size, hashes.length)
})

t.test('as it is written down: SHA-256 of a sequence, and of the hashes', async t => {
  const bytes = Buffer.from('\0\0\0\x01\0\0\0\x01ka', 'latin1')
  const sequence = createHash('sha256').update('x/0\n').update(bytes).digest()
  t.equal(hashOf(['in/0', 'x', 0, [A]]).hash, createHash('sha256').update(sequence).digest('hex'))
  t.equal(NOTHING, createHash('sha256').digest('hex'))
})
