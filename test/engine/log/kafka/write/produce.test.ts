import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { payload, produceRecords } from '../../../../../engine/log/kafka/write/produce.ts'
import type { RdProducer } from '../../../../../engine/log/kafka/write/rdkafka.ts'
import type { LogRecord } from '../../../../../engine/log/port.ts'

type Call = Parameters<RdProducer['produce']>

function produced(...records: readonly LogRecord[]): { calls: Call[]; bytes: number } {
  const calls: Call[] = []
  const producer = { produce: (...call: Call) => calls.push(call) } as unknown as RdProducer
  return { calls, bytes: produceRecords(producer, { appends: [{ topic: 't', partition: 3, records }] }) }
}

const record = (more: Partial<LogRecord> = {}): LogRecord => ({
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  time: 1_700_000_000_000_000,
  ...more,
})

const timeOf = (call: Call) =>
  call[4] * 1000 + Number((call[6] ?? []).find(header => 'us' in header)?.us ?? 0)

t.test('a time of microseconds comes through milliseconds, which are never 0', t => {
  const time = fc.oneof(fc.nat(3_000), fc.maxSafeNat())
  fc.assert(
    fc.property(time, time => {
      const [call] = produced(record({ time })).calls
      assert.equal(timeOf(call!), time)
      assert.ok(call![4] >= 1)
      // What the reader takes for microseconds.
      for (const header of call![6] ?? []) assert.match(header.us!, /^(-?[1-9]\d{0,2}|-1000)$/)
    }),
  )
  t.end()
})

t.test('a record of a whole millisecond has no header, unless it has some of its own', t => {
  t.equal(produced(record()).calls[0]!.length, 5)
  const headers = { traceparent: '00-1', '': 'x' }
  t.same(produced(record({ headers })).calls[0]![6], [{ traceparent: '00-1' }, { '': 'x' }])
  t.same(produced(record({ headers, time: 5_000_001 })).calls[0]![6], [
    { traceparent: '00-1' },
    { '': 'x' },
    { us: '1' },
  ])
  t.end()
})

t.test('an empty key or value was written as null', t => {
  const empty = Buffer.alloc(0)
  const [call] = produced(record({ key: empty, value: empty })).calls
  for (const bytes of [call![2], call![3]]) {
    t.equal(bytes?.length, 0)
    t.ok(bytes!.buffer.byteLength > 0, 'it has an address')
  }
  t.equal(produced(record({ value: null })).calls[0]![2], null, 'a tombstone is one')
  const bytes = Buffer.from('v')
  t.equal(payload(bytes), bytes)
  t.end()
})

t.test('records go in their order, and their bytes are counted', t => {
  const records = ['a', 'bb', 'ccc'].map(value => record({ value: Buffer.from(value) }))
  const { calls, bytes } = produced(...records, record({ value: null }))
  t.same(
    calls.map(call => call[2]?.toString()),
    ['a', 'bb', 'ccc', undefined],
  )
  for (const [topic, partition] of calls) t.same([topic, partition], ['t', 3])
  t.ok(bytes >= 6 + 4)
  t.end()
})
