import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import t from 'tap'
import {
  decodeFetchResponse,
  type FetchedPartition,
  type FetchResponse,
} from '../../../../../engine/log/kafka/records/fetch-response.ts'

/** The same bytes as kafkajs writes its own: its encoder is not the code under test. */
interface Encoder {
  buffer: Buffer
  writeInt16(value: number): Encoder
  writeInt32(value: number): Encoder
  writeInt64(value: number): Encoder
  writeString(value: string): Encoder
  writeBytes(value: Buffer): Encoder
}
const Encoder = createRequire(import.meta.url)('kafkajs/src/protocol/encoder') as new () => Encoder

function encode(response: FetchResponse): Buffer {
  const out = new Encoder()
  out.writeInt32(response.throttleMs).writeInt16(response.errorCode).writeInt32(response.sessionId)
  const topics = grouped(response.partitions)
  out.writeInt32(topics.size)
  for (const [topic, partitions] of topics) {
    out.writeString(topic).writeInt32(partitions.length)
    for (const of of partitions) {
      out.writeInt32(of.partition).writeInt16(of.errorCode)
      out.writeInt64(of.highWatermark).writeInt64(of.lastStableOffset).writeInt64(of.logStartOffset)
      // No aborted transactions are written as −1 by brokers.
      out.writeInt32(of.aborted.length || -1)
      for (const { producerId, firstOffset } of of.aborted) out.writeInt64(producerId).writeInt64(firstOffset)
      out.writeInt32(-1).writeBytes(of.records)
    }
  }
  return out.buffer
}

function grouped(partitions: readonly FetchedPartition[]): Map<string, FetchedPartition[]> {
  const topics = new Map<string, FetchedPartition[]>()
  for (const partition of partitions)
    topics.set(partition.topic, [...(topics.get(partition.topic) ?? []), partition])
  return topics
}

const plain = { noNullPrototype: true }
const offset = fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER })
const partition: fc.Arbitrary<FetchedPartition> = fc.record(
  {
    topic: fc.constantFrom('a', 'stratum.facts', 'ä'),
    partition: fc.nat(2 ** 31 - 1),
    errorCode: fc.integer({ min: -1, max: 120 }),
    highWatermark: offset,
    lastStableOffset: offset,
    logStartOffset: offset,
    aborted: fc.array(fc.record({ producerId: offset, firstOffset: offset }, plain), { maxLength: 4 }),
    records: fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
  },
  plain,
)
const response: fc.Arbitrary<FetchResponse> = fc
  .record(
    {
      throttleMs: fc.nat(),
      errorCode: fc.integer({ min: -1, max: 120 }),
      sessionId: fc.nat(),
      partitions: fc.array(partition, { maxLength: 6 }),
    },
    plain,
  )
  .map(made => ({ ...made, partitions: [...grouped(made.partitions).values()].flat() }))

t.test('what a broker answers is read field by field', async () => {
  fc.assert(
    fc.property(response, made => {
      const body = encode(made)
      const read = decodeFetchResponse(body)
      assert.deepEqual(read, made)
      for (const { records } of read.partitions)
        assert.ok(records.length === 0 || records.buffer === body.buffer, 'a view, not a copy')
    }),
  )
})

t.test('an answer that ends too early is refused, wherever it ends', async () => {
  fc.assert(
    fc.property(response, fc.nat(), (made, cut) => {
      const body = encode(made)
      try {
        decodeFetchResponse(body.subarray(0, cut % body.length))
      } catch (error) {
        return (error as { code?: string }).code === 'LOG_CORRUPT'
      }
      return false
    }),
  )
})
