import assert from 'node:assert/strict'
import avsc from 'avsc'
import fc from 'fast-check'
import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { type BaseRecord, defineKind, field, nullable } from '../../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'

interface Sale extends BaseRecord {
  readonly amount_micros: number
  readonly currency: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly lines: readonly string[]
}

const saleKind = defineKind<Sale>('sale', [
  field('amount_micros', 'long', 'In the currency beside it'),
  field('currency', nullable('string')),
  field('tags', { type: 'map', values: 'string' }),
  field('lines', { type: 'array', items: 'string' }),
])

/** As far as avsc goes. */
const LARGEST = Number.MAX_SAFE_INTEGER - 1
const long = fc.oneof(
  fc.integer({ min: -LARGEST, max: LARGEST }),
  fc.integer({ min: -LARGEST, max: -(2 ** 52) }),
  fc.constantFrom(0, -1, 2 ** 30, -(2 ** 30) - 1, -(2 ** 52), -(2 ** 52) - 1, LARGEST, -LARGEST),
)
const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const sale: fc.Arbitrary<Sale> = fc.record({
  tenant_id: text,
  event_id: text,
  event_time: long,
  ingest_time: long,
  amount_micros: long,
  currency: fc.option(text, { nil: null }),
  tags: fc
    .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), text), { maxLength: 3, selector: ([k]) => k })
    .map(entries => Object.fromEntries(entries)),
  lines: fc.array(text, { maxLength: 4 }),
})

const example: Sale = {
  tenant_id: 'demo',
  event_id: 'e1',
  event_time: 1_768_478_400_000_000,
  ingest_time: 1_768_478_400_000_001,
  amount_micros: -12_500_000,
  currency: null,
  tags: { channel: 'shop' },
  lines: ['a', 'b'],
}

/** A number of the varint at a place, and the place after it. */
function varint(bytes: Buffer, at: number): [bigint, number] {
  let n = 0n
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[at++]!
    n |= BigInt(byte & 127) << shift
    if (byte < 128) return [n, at]
  }
}

async function made(): Promise<Codec> {
  const codec = new Codec(EmbeddedRegistry.inMemory())
  await codec.register(saleKind)
  return codec
}

/** A value read back, without the class that the decoder gave it. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

t.test('any value comes back as it was, whatever is encoded beside it', async t => {
  const codec = await made()
  const reader = codec.reader()
  fc.assert(
    fc.property(fc.array(sale, { maxLength: 30 }), sales => {
      const encoded = sales.map(s => codec.encode(saleKind, s))
      for (const [i, bytes] of encoded.entries()) {
        const { kind, value } = reader.decode(bytes)
        assert.equal(kind, 'sale')
        assert.deepEqual(plain(value), plain(sales[i]))
      }
    }),
  )
  t.pass('for any sales')
})

t.test('bytes are what any Kafka tool reads: 0, the id of the schema, Avro', async t => {
  const codec = await made()
  const bytes = codec.encode(saleKind, example)
  t.strictSame([...bytes.subarray(0, 5)], [0, 0, 0, 0, 1])
  const stranger = avsc.Type.forSchema(saleKind.schema)
  t.strictSame(plain(stranger.fromBuffer(bytes.subarray(5))), plain(example))
  const theirs = Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), stranger.toBuffer(example)])
  t.strictSame(theirs, bytes)
  t.equal(codec.reader().kindOf(theirs), 'sale')
})

t.test('a refund of more than 4.5 billion was read back as revenue', async t => {
  const codec = await made()
  const reader = codec.reader()
  for (const amount_micros of [-(2 ** 52), -(2 ** 52) - 1, -(2 ** 52) - 2, -9_000_000_000_000_001, LARGEST]) {
    const bytes = codec.encode(saleKind, { ...example, amount_micros })
    t.match(reader.decode(bytes).value, { amount_micros })
    const [zigzag, end] = varint(bytes, 5 + 5 + 3 + 8 + 8)
    t.equal(zigzag, amount_micros < 0 ? -2n * BigInt(amount_micros) - 1n : 2n * BigInt(amount_micros))
    t.equal(bytes[end], 0, 'the null of the currency follows')
  }
  const foreign = codec.encode(saleKind, { ...example, amount_micros: LARGEST })
  foreign[5 + 5 + 3 + 8 + 8]! |= 1
  t.match(reader.decode(foreign).value, { amount_micros: -LARGEST - 1 }, 'another writer may go as far as it')
})

t.test('ids above 255 are big-endian', async t => {
  const schemas = Array.from({ length: 299 }, (_, i) => defineKind(`kind${i}`, []))
  const entries = schemas.map(({ name, schema }, i) => ({ subject: name, version: 1, id: i + 1, schema }))
  const codec = new Codec(EmbeddedRegistry.inMemory(entries))
  await codec.register(saleKind)
  const bytes = codec.encode(saleKind, example)
  t.strictSame([...bytes.subarray(0, 5)], [0, 0, 0, 1, 44])
  t.equal(codec.reader().decode(bytes).kind, 'sale')
})

t.test('values larger than the shared slab, and those just at its end', async t => {
  const codec = await made()
  const reader = codec.reader()
  const lengths = [1, 262_000, 1, 262_144, 262_145, 5, 1_000_000, 1, 100_000, 100_000, 100_000]
  const encoded = lengths.map(length =>
    codec.encode(saleKind, { ...example, lines: ['x'.repeat(length)], event_id: `${length}` }),
  )
  for (const [i, bytes] of encoded.entries())
    t.match(reader.decode(bytes).value, { event_id: `${lengths[i]}`, lines: ['x'.repeat(lengths[i]!)] })
})

t.test('a reader of some fields decodes those and no others', async t => {
  const codec = await made()
  const bytes = codec.encode(saleKind, example)
  const reader = codec.reader({ sale: ['event_id', 'lines'], another: [] })
  t.strictSame(plain(reader.decode(bytes).value), { event_id: 'e1', lines: ['a', 'b'] })
})

t.test('a value its schema refuses is not written, and the reason names the field', async t => {
  const codec = await made()
  const cases: [Partial<Record<keyof Sale, unknown>>, string][] = [
    [{ amount_micros: 'ten' }, 'amount_micros must be an integer, got "ten"'],
    [{ amount_micros: 1.5 }, 'amount_micros must be an integer, got 1.5'],
    [{ amount_micros: Number.NaN }, 'amount_micros must be an integer, got NaN'],
    [{ event_time: null }, 'event_time must be an integer, got null'],
    [{ currency: 5 }, 'currency must be one of its types or null, got 5'],
    [{ tags: { a: 1 } }, 'tags.a must be string, got 1'],
    [{ lines: ['a', null] }, 'lines.1 must be string, got null'],
    [{ tenant_id: undefined }, 'tenant_id must be string, got undefined'],
  ]
  for (const [change, reason] of cases) {
    const wrong = { ...example, ...change } as Sale
    t.throws(() => codec.encode(saleKind, wrong), reason)
    t.equal(codec.refusal(saleKind, wrong), reason)
  }
  t.equal(codec.refusal(saleKind, example), null)
  t.strictSame(
    plain(codec.reader().decode(codec.encode(saleKind, example)).value),
    plain(example),
    'what was refused left nothing in the slab',
  )
})

t.test('a long value is quoted in short', async t => {
  const codec = await made()
  const wrong = { ...example, amount_micros: 'x'.repeat(5000) as unknown as number }
  const reason = codec.refusal(saleKind, wrong)!
  t.ok(reason.length < 120, reason)
})

t.test('bytes that are no record are refused, never misread', async t => {
  const codec = await made()
  const reader = codec.reader()
  const good = codec.encode(saleKind, example)
  const invalid = (bytes: Buffer, name: string) =>
    t.throws(() => reader.decode(bytes), { name: 'StratumError', code: 'RECORD_INVALID' }, name)
  invalid(Buffer.alloc(0), 'empty')
  invalid(Buffer.from('{"json":true}'), 'JSON')
  invalid(good.subarray(0, 4), 'no id')
  for (const end of [5, 6, 20, good.length - 1]) invalid(good.subarray(0, end), `cut at ${end}`)
  invalid(Buffer.concat([good, Buffer.from([0])]), 'a byte too many')
  const foreign = Buffer.from(good)
  foreign.writeUInt32BE(77, 1)
  t.throws(() => reader.decode(foreign), { code: 'SCHEMA_UNKNOWN', message: 'No schema has id 77' })
})

t.test('a kind that is not registered is not written', async t => {
  const codec = new Codec(EmbeddedRegistry.inMemory())
  t.throws(() => codec.encode(saleKind, example), { code: 'SCHEMA_UNKNOWN', message: 'Kind sale' })
})
