import { hash } from 'node:crypto'
import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { addressPseudonym, pseudonym, RawEncoder, rawKind } from '../../../engine/source/raw.ts'
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

t.test('an address has one pseudonym in all sources of a tenant, and is that of its SHA-256', async t => {
  const schema = object({ email: string({ pseudonymise: 'email' }), login: string({ pseudonymise: true }) })
  const stream = { name: 'people', title: '', kind: null, schema, primaryKey: [], cursorField: null }
  const codec = new Codec(EmbeddedRegistry.inMemory())
  const eve = { email: 'eve@example.com', login: 'eve@example.com' }
  const shown = async (source: string, tenant: string) => {
    await codec.register(rawKind(source, stream))
    const made = new RawEncoder({ codec, source, stream, tenant, connection: 'c' })
    return JSON.parse(String(made.shown(eve))) as typeof eve
  }
  const [one, other, foreign] = [
    await shown('crm', 'demo'),
    await shown('shop', 'demo'),
    await shown('crm', 'acme'),
  ]
  t.equal(one.email, other.email)
  t.equal(one.email, addressPseudonym('demo', 'email', hash('sha256', eve.email, 'hex')))
  t.not(one.email, foreign.email)
  t.not(one.login, other.login)
  t.not(one.login, one.email)
})
