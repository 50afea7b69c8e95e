import avsc from 'avsc'
import fc from 'fast-check'
import t from 'tap'
import { deterministicId } from '../../../engine/codec/ids.ts'
import { type BaseRecord, defineKind, field, nullable } from '../../../engine/codec/kind.ts'

t.test('a kind has what every record carries, then its own', async t => {
  const kind = defineKind<BaseRecord & { amount: number; note: string | null }>(
    'sale',
    [field('amount', 'long', 'In micros'), field('note', nullable('string'))],
    'A sale',
  )
  t.strictSame(kind.fields, ['tenant_id', 'event_id', 'event_time', 'ingest_time', 'amount', 'note'])
  t.match(kind.schema, { type: 'record', name: 'sale', namespace: 'stratum', doc: 'A sale' })
  const { fields } = kind.schema as unknown as { fields: Record<string, unknown>[] }
  t.strictSame(fields.slice(4), [
    { name: 'amount', type: 'long', doc: 'In micros' },
    { name: 'note', type: ['null', 'string'], default: null },
  ])
  t.strictSame(avsc.Type.forSchema(kind.schema).name, 'stratum.sale')
})

t.test('an id follows from its parts alone', async t => {
  // The first 128 bits of SHA-256: `printf 'demo\x1fshop\x1f17' | sha256sum | cut -c1-32`
  t.equal(deterministicId('demo', 'shop', 17), '7976011920794eab714bb1529a998af8')
  t.equal(deterministicId('demo', 'shop', '17'), deterministicId('demo', 'shop', 17))
  t.not(deterministicId('demo', 'shop17'), deterministicId('demo', 'shop', '17'))
  t.not(deterministicId('demo', null), deterministicId('demo', 'null'))
  t.equal(deterministicId('demo', null), deterministicId('demo', ''))
  const part = fc.string().filter(text => !text.includes('\x1f'))
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), fc.array(part, { minLength: 1 }), (a, b) => {
      const equal = a.length === b.length && a.every((p, i) => p === b[i])
      return (deterministicId(...a) === deterministicId(...b)) === equal
    }),
  )
  fc.assert(fc.property(fc.array(part), parts => /^[0-9a-f]{32}$/.test(deterministicId(...parts))))
})
