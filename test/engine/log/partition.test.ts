import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { partitionOf } from '../../../engine/log/partition.ts'

t.test('the partition of a key is for ever: its state lies there', async t => {
  // CRC-32 of the UTF-8 bytes: 0xcbf43926 is the check value of the algorithm.
  t.equal(partitionOf('123456789', 2 ** 32), 0xcbf43926)
  t.equal(partitionOf('123456789', 16), 6)
  t.equal(partitionOf('', 16), 0)
})

t.test('a key has one partition, as text and as bytes, and all partitions are used', async t => {
  const partitions = fc.integer({ min: 1, max: 64 })
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), partitions, (key, count) => {
      const partition = partitionOf(key, count)
      assert.ok(Number.isInteger(partition) && partition >= 0 && partition < count)
      assert.equal(partitionOf(Buffer.from(key), count), partition)
    }),
  )
  const used = new Set(Array.from({ length: 2_000 }, (_, i) => partitionOf(`demo\x1f${i}`, 16)))
  t.equal(used.size, 16)
})
