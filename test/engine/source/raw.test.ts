import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry.ts'
import { pseudonym, RawEncoder, rawKind } from '../../../engine/source/raw.ts'
import { integer, object, string } from '../../../plugins/schema.ts'

async function encoder(primaryKey: readonly string[]) {
  const schema = object({ email: string({ pseudonymise: true }), n: integer() })
  const stream = { name: 'people', title: '', kind: null, schema, primaryKey, cursorField: null }
  const codec = new Codec(EmbeddedRegistry.inMemory())
  await codec.register(rawKind('crm', stream))
  const made = new RawEncoder({ codec, source: 'crm', stream, tenant: 'demo', connection: 'c' })
  return { encode: (row: Record<string, unknown>) => made.encode(row, 0), reader: codec.reader() }
}

t.test(
  'a person who is the primary key was written beside the record, in clear, as its event id',
  async t => {
    const { encode, reader } = await encoder(['email', 'n'])
    const made = encode({ email: 'eve@example.com', n: 7 })
    if ('refused' in made) return t.fail(made.refused)
    const hashed = pseudonym('demo', 'crm', 'eve@example.com')
    t.equal(made.eventId, `${hashed}\x1f7`)
    t.match(reader.decode(made.value!).value, { data: { email: hashed, n: 7 } })
    t.notOk(made.value!.includes('eve'))
  },
)

t.test('a refusal quoted the identifier of a person when it was no text', async t => {
  const { encode } = await encoder(['n'])
  t.same(encode({ email: 4915112345, n: 7 }), {
    refused: 'people: email must be string, got a value that is not shown',
  })
  t.same(encode({ email: { of: 'eve@example.com' }, n: 7 }), {
    refused: 'people: email must be string, got a value that is not shown',
  })
  t.same(encode({ email: 'x', n: 'seven' }), { refused: 'people: n must be an integer, got "seven"' })
})
