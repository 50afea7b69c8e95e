import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { pseudonym, RawEncoder, rawKind } from '../../../engine/source/raw.ts'
import { integer, object, string } from '../../../plugins/schema.ts'

async function encoder(primaryKey: readonly string[]) {
  const schema = object({ email: string({ pseudonymise: true }), n: integer() })
  const stream = { name: 'people', title: '', kind: null, schema, primaryKey, cursorField: null }
  const codec = new Codec(EmbeddedRegistry.inMemory())
  await codec.register(rawKind('crm', stream))
  const made = new RawEncoder({ codec, source: 'crm', stream, tenant: 'demo', connection: 'c' })
  return {
    encode: (row: Record<string, unknown>) => made.encode(row, 0),
    nameOf: (row: Record<string, unknown>) => made.nameOf(row),
    shown: (row: Record<string, unknown>) => made.shown(row),
    reader: codec.reader(),
  }
}

t.test(
  'a person who is the primary key was written beside the record, in clear, as its event id',
  async t => {
    const { encode, nameOf, reader } = await encoder(['email', 'n'])
    const eve = { email: 'eve@example.com', n: 7 }
    const made = encode(eve)
    if ('refused' in made) return t.fail(made.refused)
    const hashed = pseudonym('demo', 'crm', 'eve@example.com')
    t.equal(nameOf(eve), `${hashed}\x1f7`)
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

t.test('the dead letter of a refused row held the identifiers of people in clear', async t => {
  const { encode, shown } = await encoder(['n'])
  const row = { email: 'eve@example.com', n: 'seven' }
  t.match(encode(row), { refused: /n must be an integer/ })
  t.same(JSON.parse(String(shown(row))), { email: pseudonym('demo', 'crm', 'eve@example.com'), n: 'seven' })
  t.same(JSON.parse(String(shown({ email: ['eve@example.com'], n: 1 }))), {
    email: 'a value that is not shown',
    n: 1,
  })
})

t.test('a refused row that JSON cannot hold ended the run', async t => {
  const { encode, shown } = await encoder(['n'])
  t.match(encode({ email: 'x', n: 7n }), { refused: /n must be an integer/ })
  t.match(JSON.parse(String(shown({ email: 'x', n: 7n }))), { n: '7' })
  const round: Record<string, unknown> = { email: 'x', n: 1.5 }
  round.self = round
  t.match(encode(round), { refused: /n must be an integer/ })
  t.equal(shown(round), null)
})
