import t from 'tap'
import { decodeRecords } from '../../../../../engine/log/kafka/records/batches.ts'
import { batch, marker, sealed } from './encode.ts'

const where = { topic: 'events', partition: 3 }
const text = (value: string) => Buffer.from(value)
const one = (offset: number, value = `v${offset}`) =>
  batch({ base: offset, records: [{ offset, key: text('k'), value: text(value), time: 1_000 }] })
const offsets = (bytes: Buffer, from = 0) => decodeRecords(bytes, [], from, where).records.map(r => r.offset)

t.test('records have what their producer gave them', async t => {
  const bytes = batch({
    base: 40,
    records: [
      { offset: 40, key: text('a'), value: text('x'.repeat(200)), time: 1_700_000_000_123 },
      { offset: 41, key: null, value: null, time: 1_700_000_000_000 },
      { offset: 42, key: text(''), value: text(''), time: 1_700_100_000_000, headers: [['us', '7']] },
    ],
  })
  t.strictSame(decodeRecords(bytes, [], 0, where), {
    records: [
      {
        offset: 40,
        key: text('a'),
        value: text('x'.repeat(200)),
        time: 1_700_000_000_123_000,
        headers: undefined,
      },
      { offset: 41, key: text(''), value: null, time: 1_700_000_000_000_000, headers: undefined },
      { offset: 42, key: text(''), value: text(''), time: 1_700_100_000_000_007, headers: undefined },
    ],
    next: 43,
  })
})

t.test('keys and values are views of what was fetched', async t => {
  const bytes = one(5)
  const [record] = decodeRecords(bytes, [], 0, where).records
  t.equal(record!.key.buffer, bytes.buffer)
  t.equal(record!.value!.buffer, bytes.buffer)
})

t.test('the time is the broker’s where it stamps records, and 0 where nobody gave one', async t => {
  const stamped = batch({
    base: 0,
    records: [{ offset: 0, key: null, value: null, time: 5 }],
    maxTime: 9_000,
    stamped: true,
  })
  t.equal(decodeRecords(stamped, [], 0, where).records[0]!.time, 9_000_000)
  const none = batch({ base: 0, records: [{ offset: 0, key: null, value: null, time: -1 }] })
  t.equal(decodeRecords(none, [], 0, where).records[0]!.time, 0)
})

t.test('a batch whose base time the cleaner has moved keeps its records’ times', async t => {
  const records = [{ offset: 0, key: text('k'), value: null, time: 1_600_000_000_000 }]
  const bytes = batch({ base: 0, records, baseTime: 1_700_000_000_000 })
  t.equal(decodeRecords(bytes, [], 0, where).records[0]!.time, 1_600_000_000_000_000)
})

t.test('reading begins at the offset asked for, in the midst of a batch', async t => {
  const records = [10, 11, 15].map(offset => ({ offset, key: text('k'), value: text('v') }))
  const bytes = Buffer.concat([one(9), batch({ base: 10, records, last: 20 })])
  t.strictSame(offsets(bytes, 11), [11, 15])
  t.strictSame(decodeRecords(bytes, [], 16, where), { records: [], next: 21 })
  t.equal(decodeRecords(bytes, [], 30, where).next, 30, 'never backwards')
})

t.test('batches that compaction has emptied, and markers, move the position', async t => {
  const bytes = Buffer.concat([
    one(1),
    batch({ base: 2, records: [], last: 7, producer: 7 }),
    batch({ base: 8, records: [], last: 8, codec: 1 }),
    marker(9, 7, 'commit'),
    batch({ base: 10, records: [], last: 10, producer: 7, transactional: true, control: true }),
  ])
  const { records, next } = decodeRecords(bytes, [{ producerId: 7, firstOffset: 2 }], 0, where)
  t.strictSame([records.map(r => r.offset), next], [[1], 11])
})

t.test('a last batch cut short is left for the next fetch, wherever it is cut', async t => {
  const [first, second] = [one(1), one(2)]
  for (let size = 0; size < second.length; size++)
    t.strictSame(
      decodeRecords(Buffer.concat([first, second.subarray(0, size)]), [], 1, where).next,
      2,
      `${size} bytes of it`,
    )
  t.strictSame(decodeRecords(first.subarray(0, 30), [], 1, where), { records: [], next: 1 })
})

t.test('a batch with a changed byte is named', async t => {
  const bytes = Buffer.concat([one(1), one(2), one(3)])
  const start = one(1).length
  for (let at = start + 17; at < start * 2; at++) {
    const damaged = Buffer.from(bytes)
    damaged[at]! ^= 0x10
    t.throws(() => decodeRecords(damaged, [], 0, where), {
      code: 'LOG_CORRUPT',
      message: /^the batch at offset 2 of events\/3 is damaged \(its bytes do not match their checksum\)/,
    })
  }
})

t.test('a batch whose records do not fill it is named, checksum or not', async t => {
  for (const change of [
    (bytes: Buffer) => bytes.writeInt32BE(2, 57),
    (bytes: Buffer) => bytes.writeInt32BE(0, 57),
    (bytes: Buffer) => bytes.writeInt32BE(0x7fff_ffff, 57),
    // sizes of the record, its key and its value
    (bytes: Buffer) => bytes.writeUInt8(0, 61),
    (bytes: Buffer) => bytes.writeUInt8(0x7e, 61),
    (bytes: Buffer) => bytes.writeUInt8(0x7e, 65),
    (bytes: Buffer) => bytes.writeUInt8(0x7e, 67),
    (bytes: Buffer) => bytes.fill(0xff, 62),
  ]) {
    const damaged = one(2)
    change(damaged)
    t.throws(() => decodeRecords(sealed(damaged), [], 0, where), { code: 'LOG_CORRUPT', message: /offset 2/ })
    t.throws(() => decodeRecords(damaged, [], 0, { ...where, verify: false }), { code: 'LOG_CORRUPT' })
  }
  const negative = one(2)
  negative.writeInt32BE(-5, 8)
  t.throws(() => decodeRecords(negative, [], 0, where), { code: 'LOG_CORRUPT', message: /it says it has -5/ })
})

t.test('checksums can be left unread', async t => {
  const damaged = one(2)
  damaged[17]! ^= 1
  t.equal(decodeRecords(damaged, [], 0, { ...where, verify: false }).next, 3)
})

t.test('other formats are refused, with what to do', async t => {
  for (const [magic, what] of [
    [0, /events\/3 holds a batch of Kafka's old format 0 at offset 2: copy the topic/],
    [1, /old format 1 at offset 2/],
    [3, /format 3 at offset 2, newer than this release reads/],
  ] as const) {
    const bytes = one(2)
    bytes.writeInt8(magic, 16)
    t.throws(() => decodeRecords(bytes, [], 0, where), { code: 'FORMAT_UNSUPPORTED', message: what })
  }
})

t.test('headers are text, but for the microseconds of the time', async t => {
  const read = (...headers: [string, string | null][]) => {
    const bytes = batch({ base: 0, records: [{ offset: 0, key: null, value: text('v'), time: 1, headers }] })
    const { time, headers: shown } = decodeRecords(bytes, [], 0, where).records[0]!
    return [time - 1_000, shown]
  }
  t.strictSame(read(['us', '999']), [999, undefined])
  t.strictSame(read(['us', '-1']), [-1, undefined])
  t.strictSame(read(['us', '-1000']), [-1_000, undefined])
  t.strictSame(read(['us', '12'], ['traceparent', '00-ä']), [12, { traceparent: '00-ä' }])
  t.strictSame(read(['a', null], ['b', '']), [0, { a: '', b: '' }])
  for (const foreign of ['0', '007', '1000', '-1001', '1:', 'DE', ''])
    t.strictSame(read(['us', foreign]), [0, { us: foreign }], `us = '${foreign}' is somebody else's`)
  t.strictSame(Object.entries(read(['__proto__', 'x'])[1]!), [['__proto__', 'x']])
  t.strictSame(read(...Array.from({ length: 70 }, (_, i): [string, string] => [`h${i}`, 'v']))[0], 0)
})

t.test('offsets beyond what a number can count are refused', async t => {
  const bytes = one(2)
  bytes.writeBigInt64BE(2n ** 53n, 0)
  t.throws(() => decodeRecords(bytes, [], 0, where), { code: 'LOG_CORRUPT', message: /9007199254740992/ })
  const large = one(Number.MAX_SAFE_INTEGER - 1)
  t.equal(decodeRecords(large, [], 0, where).next, Number.MAX_SAFE_INTEGER)
})
