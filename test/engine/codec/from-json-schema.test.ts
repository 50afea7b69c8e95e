import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { avroFromJsonSchema } from '../../../engine/codec/from-json-schema.ts'
import type { AvroSchema, Kind } from '../../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import type { JsonSchema } from '../../../engine/source/port.ts'

const avro = (schema: JsonSchema) => avroFromJsonSchema(schema, 'orders')

t.test('single types', async t => {
  const cases: [JsonSchema, unknown][] = [
    [{ type: 'string' }, 'string'],
    [{ type: 'integer' }, 'long'],
    [{ type: 'number' }, 'double'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: ['string'] }, 'string'],
    [{ type: ['string', 'null'] }, ['null', 'string']],
    [{ type: ['null', 'integer'] }, ['null', 'long']],
    [
      { type: 'array', items: { type: 'integer' } },
      { type: 'array', items: 'long' },
    ],
    [{ type: 'array' }, { type: 'array', items: 'string' }],
    [
      { type: 'object', additionalProperties: { type: 'number' } },
      { type: 'map', values: 'double' },
    ],
    [
      { type: ['object', 'null'], additionalProperties: { type: ['string', 'null'] } },
      ['null', { type: 'map', values: ['null', 'string'] }],
    ],
  ]
  for (const [schema, wanted] of cases) t.strictSame(avro(schema), wanted, JSON.stringify(schema))
})

t.test('objects are records, named by their path; a field that may be null is null by default', async t => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      shipped: { type: ['integer', 'null'] },
      items: {
        type: 'array',
        items: { type: 'object', properties: { sku: { type: 'string' } } },
      },
    },
  }
  t.strictSame(avro(schema), {
    type: 'record',
    name: 'orders',
    namespace: 'stratum.raw',
    fields: [
      { name: 'id', type: 'string' },
      { name: 'shipped', type: ['null', 'long'], default: null },
      {
        name: 'items',
        type: {
          type: 'array',
          items: {
            type: 'record',
            name: 'orders_items_item',
            namespace: 'stratum.raw',
            fields: [{ name: 'sku', type: 'string' }],
          },
        },
      },
    ],
  })
})

t.test('records that match the JSON Schema come back as they were', async t => {
  const schema = avro({
    type: 'object',
    properties: {
      id: { type: 'string' },
      price: { type: ['number', 'null'] },
      paid: { type: 'boolean' },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      items: {
        type: 'array',
        items: {
          type: 'object',
          properties: { sku: { type: ['string', 'null'] }, pieces: { type: 'integer' } },
        },
      },
      buyer: { type: ['object', 'null'], properties: { name: { type: 'string' } } },
    },
  })
  const kind: Kind = { name: 'orders', schema, fields: [] }
  const codec = new Codec(EmbeddedRegistry.inMemory())
  await codec.register(kind)
  const full = {
    id: 'o1',
    price: 1.5,
    paid: true,
    labels: { a: 'b' },
    items: [{ sku: null, pieces: 2 }],
    buyer: { name: 'Eve' },
  }
  for (const record of [full, { ...full, price: null, buyer: null, items: [], labels: {} }])
    t.strictSame(JSON.parse(JSON.stringify(codec.reader().decode(codec.encode(kind, record)).value)), record)
})

t.test('what has no Avro type is refused with its place', async t => {
  const cases: [JsonSchema, string][] = [
    [
      { type: ['string', 'integer'] },
      'orders: a stream\'s schema needs one type besides null, got ["string","integer"]',
    ],
    [{ type: 'null' }, 'orders: a stream\'s schema needs one type besides null, got "null"'],
    [{}, "orders: a stream's schema needs one type besides null, got undefined"],
    [{ type: 'object' }, "orders: a stream's schema cannot hold type object here"],
    [
      { type: 'object', properties: { a: { type: 'object', properties: { b: { type: [] } } } } },
      "orders_a_b: a stream's schema needs one type besides null, got []",
    ],
    [
      { type: 'object', properties: { a: { type: 'array', items: { type: ['string', 'boolean'] } } } },
      'orders_a_item: a stream\'s schema needs one type besides null, got ["string","boolean"]',
    ],
    [
      { type: 'object', properties: { 'Clicks (all)': { type: 'integer' } } },
      "orders: a field of a stream's schema cannot be named 'Clicks (all)': letters, digits and _, no digit first",
    ],
  ]
  for (const [schema, message] of cases)
    t.throws(() => avro(schema), { code: 'SCHEMA_INCOMPATIBLE', message }, message)
})

t.test('a stream may get a new field that can be null, and loses none of what it wrote', async t => {
  const fields: Record<string, JsonSchema> = { id: { type: 'string' }, spend: { type: 'integer' } }
  const before = avro({ type: 'object', properties: fields })
  const verdict = async (after: Record<string, JsonSchema>) => {
    const registry = EmbeddedRegistry.inMemory()
    await registry.register('raw', before)
    return registry.compare('raw', avro({ type: 'object', properties: after }) as AvroSchema)
  }
  t.equal(await verdict({ ...fields, note: { type: ['string', 'null'] } }), 'new-version')
  t.equal(await verdict({ ...fields, spend: { type: ['integer', 'null'] } }), 'new-version')
  t.equal(await verdict({ ...fields, spend: { type: 'number' } }), 'new-version')
  t.match(await verdict({ ...fields, note: { type: 'string' } }), { incompatible: /note/ })
  t.match(await verdict({ ...fields, spend: { type: 'string' } }), { incompatible: /long/ })
})
