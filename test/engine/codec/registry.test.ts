import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import type { AvroSchema, Kind } from '../../../engine/codec/kind.ts'
import { EmbeddedRegistry, SCHEMAS_TOPIC } from '../../../engine/codec/registry/embedded.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { stepped } from '../../support/logs.ts'

interface Field {
  readonly name: string
  readonly type: unknown
  readonly default?: unknown
  readonly aliases?: readonly string[]
}

const sale = (fields: readonly Field[], more: object = {}) =>
  ({ type: 'record', name: 'sale', namespace: 'stratum', fields, ...more }) as unknown as AvroSchema

const kindOf = (name: string, schema: AvroSchema): Kind => ({
  name,
  schema,
  fields: (schema as unknown as { fields: { name: string }[] }).fields.map(f => f.name),
})

const ID = { name: 'id', type: 'string' }
const AMOUNT = { name: 'amount', type: 'int' }
const V1 = sale([
  ID,
  AMOUNT,
  { name: 'state', type: { type: 'enum', name: 'state', symbols: ['OPEN', 'PAID'] } },
])
const STATE = (symbols: string[], more = {}) => ({
  name: 'state',
  type: { type: 'enum', name: 'state', symbols, ...more },
})
const written = { id: 's1', amount: 7, state: 'PAID' }

/** What may follow the first version, and how what it wrote is read then. */
const passes: Record<string, [AvroSchema, object]> = {
  'a new field with a default': [
    sale([ID, AMOUNT, STATE(['OPEN', 'PAID']), { name: 'note', type: ['null', 'string'], default: null }]),
    { ...written, note: null },
  ],
  'a field less': [sale([ID, STATE(['OPEN', 'PAID'])]), { id: 's1', state: 'PAID' }],
  'a wider number': [sale([ID, { name: 'amount', type: 'long' }, STATE(['OPEN', 'PAID'])]), written],
  'a field that may be null now': [
    sale([ID, { name: 'amount', type: ['null', 'int'], default: null }, STATE(['OPEN', 'PAID'])]),
    written,
  ],
  'a field renamed with an alias': [
    sale([ID, { name: 'total', type: 'int', aliases: ['amount'] }, STATE(['OPEN', 'PAID'])]),
    { id: 's1', total: 7, state: 'PAID' },
  ],
  'another order of fields': [sale([STATE(['OPEN', 'PAID']), AMOUNT, ID]), written],
  'one more symbol': [sale([ID, AMOUNT, STATE(['VOID', 'PAID', 'OPEN'])]), written],
  'other words for it': [sale([ID, AMOUNT, STATE(['OPEN', 'PAID'])], { doc: 'A sale' }), written],
}

/** What may not, and what is said of it. */
const refused: Record<string, [AvroSchema, RegExp]> = {
  'a new field without a default': [
    sale([ID, AMOUNT, STATE(['OPEN', 'PAID']), { name: 'note', type: 'string' }]),
    /note/,
  ],
  'a field renamed without an alias': [
    sale([ID, { name: 'total', type: 'int' }, STATE(['OPEN', 'PAID'])]),
    /total/,
  ],
  'another type': [sale([ID, { name: 'amount', type: 'string' }, STATE(['OPEN', 'PAID'])]), /int/],
  'a symbol less': [sale([ID, AMOUNT, STATE(['OPEN'])]), /state/],
  'another name of the record': [{ ...(V1 as object), name: 'order' } as unknown as AvroSchema, /sale/],
}

t.test('what may follow a version reads what it wrote', async t => {
  for (const [name, [schema, wanted]] of Object.entries(passes))
    await t.test(name, async t => {
      const registry = EmbeddedRegistry.inMemory()
      const before = new Codec(registry)
      await before.register(kindOf('sale', V1))
      const bytes = before.encode(kindOf('sale', V1), written)
      t.equal(await registry.compare('sale', schema), 'new-version')
      const after = new Codec(registry)
      await after.register(kindOf('sale', schema))
      t.strictSame(JSON.parse(JSON.stringify(after.reader().decode(bytes).value)), wanted)
      t.match(await registry.subjects(), [{ subject: 'sale', versions: [{ id: 1 }, { version: 2, id: 2 }] }])
    })
})

t.test('what may not is refused, named, and not registered', async t => {
  for (const [name, [schema, says]] of Object.entries(refused))
    await t.test(name, async t => {
      const registry = EmbeddedRegistry.inMemory()
      await registry.register('sale', V1)
      t.match(await registry.compare('sale', schema), { incompatible: /^version 1: / })
      const failed = registry.register('sale', schema)
      await t.rejects(failed, {
        code: 'SCHEMA_INCOMPATIBLE',
        message: /^Schema sale cannot read records already written \(version 1: .*Give new fields a default/,
      })
      await t.rejects(failed, { message: says })
      t.equal(registry.entries.length, 1)
      t.equal(await registry.register('sale', V1), 1)
    })
})

t.test('every earlier version counts, not only the last', async t => {
  const registry = EmbeddedRegistry.inMemory()
  const versions = [
    sale([ID, AMOUNT]),
    sale([ID, { name: 'amount', type: 'int', default: 0 }, { name: 'note', type: 'string', default: '' }]),
  ]
  for (const version of versions) await registry.register('sale', version)
  const third = sale([ID, { name: 'note', type: 'string' }])
  t.match(await registry.compare('sale', third), { incompatible: /^version 1: .*note/ })
  await t.rejects(registry.register('sale', third), { code: 'SCHEMA_INCOMPATIBLE' })
})

t.test('a new subject, the same schema, a new version', async t => {
  const registry = EmbeddedRegistry.inMemory()
  t.equal(await registry.compare('sale', V1), 'new-subject')
  t.strictSame(registry.entries, [], 'comparing registers nothing')
  t.equal(await registry.register('sale', V1), 1)
  t.equal(await registry.compare('sale', V1), 'same')
  t.equal(await registry.register('sale', V1), 1)
  t.equal(await registry.register('refund', V1), 2, 'the same schema under another subject is another')
  t.throws(() => registry.byId(3), { code: 'SCHEMA_UNKNOWN', message: 'No schema has id 3' })
  t.strictSame(registry.byId(2), V1)
})

t.test('ids are the same after a restart, and in whatever order kinds are registered then', async t => {
  const dir = temporaryFolder(t)
  const kinds = ['sale', 'refund', 'visit', 'click'].map(name =>
    kindOf(name, { ...(sale([ID, AMOUNT]) as object), name } as unknown as AvroSchema),
  )
  const session = async (order: readonly Kind[]) => {
    const log = new LmdbLog(dir)
    const codec = new Codec(await EmbeddedRegistry.open(log))
    for (const kind of order) await codec.register(kind)
    const encoded = kinds.map(kind => codec.encode(kind, { id: kind.name, amount: 1 }).toString('hex'))
    await log.close()
    return encoded
  }
  const first = await session(kinds)
  t.strictSame(await session([...kinds].reverse()), first)
  t.strictSame(await session(kinds), first)

  const log = new LmdbLog(dir)
  await (await EmbeddedRegistry.open(log)).register('sale', sale([ID]))
  await log.clean(Number.MAX_SAFE_INTEGER)
  await log.close()
  const again = new LmdbLog(dir)
  const registry = await EmbeddedRegistry.open(again)
  t.match(
    registry.entries.map(({ subject, version, id }) => [subject, version, id]),
    [
      ['sale', 1, 1],
      ['refund', 1, 2],
      ['visit', 1, 3],
      ['click', 1, 4],
      ['sale', 2, 5],
    ],
    'compaction keeps every version',
  )
  const reader = new Codec(registry).reader()
  t.strictSame(
    first.map(bytes => reader.decode(Buffer.from(bytes, 'hex')).kind),
    kinds.map(kind => kind.name),
  )
  t.equal((await again.topics()).find(topic => topic.name === SCHEMAS_TOPIC)?.cleanup, 'compact')
  await again.close()
})

t.test('kinds registered at the same time got the same id', async t => {
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  const registry = await EmbeddedRegistry.open(log)
  const names = Array.from({ length: 8 }, (_, i) => `kind${i}`)
  const schemas = names.map(name => ({ ...(V1 as object), name }) as unknown as AvroSchema)
  const ids = await Promise.all(
    [...names, ...names].map((name, i) => registry.register(name, schemas[i % 8]!)),
  )
  t.equal(new Set(ids).size, 8)
  t.strictSame(ids.slice(8), ids.slice(0, 8))
  for (const [i, id] of ids.entries()) t.strictSame(registry.byId(id), schemas[i % 8])
})

t.test('two processes registering at the same time give each schema one id, and no id to two', async t => {
  // Of few subjects and versions, so that both often want the same.
  const wish = fc.record({
    process: fc.integer({ min: 0, max: 1 }),
    subject: fc.constantFrom('sale', 'refund'),
    version: fc.integer({ min: 0, max: 2 }),
  })
  const schemaOf = (subject: string, version: number) => {
    const more = Array.from({ length: version }, (_, i) => ({ name: `f${i}`, type: 'int', default: 0 }))
    return { ...(sale([ID, ...more]) as object), name: subject } as unknown as AvroSchema
  }
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(wish, { maxLength: 8 }), async (s, wishes) => {
      const log = new LmdbLog(temporaryFolder(t))
      try {
        const open = () => EmbeddedRegistry.open(stepped(log, s))
        const processes = await s.waitFor(Promise.all([open(), open()]))
        const ids = await s.waitFor(
          Promise.all(
            wishes.map(w => processes[w.process]!.register(w.subject, schemaOf(w.subject, w.version))),
          ),
        )
        const names = wishes.map(w => `${w.subject} ${w.version}`)
        const found = new Map(names.map((name, i) => [name, ids[i]!]))
        deepStrictEqual(
          ids,
          names.map(name => found.get(name)),
        )
        deepStrictEqual(
          [...found.values()].sort(),
          Array.from(found, (_, i) => i + 1),
        )
        const registry = await EmbeddedRegistry.open(log)
        for (const [i, w] of wishes.entries())
          deepStrictEqual(registry.byId(ids[i]!), schemaOf(w.subject, w.version))
        for (const { versions } of await registry.subjects())
          deepStrictEqual(
            versions.map(v => v.version),
            versions.map((_, i) => i + 1),
          )
      } finally {
        await log.close()
      }
    }),
    { numRuns: 40 },
  )
  t.pass()
})

t.test('a schema that another process registers becomes known here', async t => {
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  const [here, there] = [await EmbeddedRegistry.open(log), await EmbeddedRegistry.open(log)]
  const stop = new AbortController()
  const following = here.follow(stop.signal)
  const id = await there.register('sale', V1)
  while (here.entries.length === 0) await new Promise(done => setImmediate(done))
  t.strictSame(here.byId(id), V1)
  stop.abort()
  await following
})

t.test('an older release was let back on records it cannot read', async t => {
  const registry = EmbeddedRegistry.inMemory()
  const wider = sale([ID, { name: 'amount', type: 'long' }])
  const older = sale([ID, AMOUNT])
  await registry.register('sale', older)
  await registry.register('sale', wider)
  t.match(await registry.compare('sale', older), { incompatible: /^version 2: .*long/ })
  await t.rejects(new Codec(registry).register(kindOf('sale', older)), {
    code: 'SCHEMA_INCOMPATIBLE',
    message: /version 2/,
  })
  t.equal(registry.entries.length, 2)
  t.equal(await registry.register('sale', wider), 2)
})

t.test('an older release may go on where it reads what the newer one wrote', async t => {
  const registry = EmbeddedRegistry.inMemory()
  const older = sale([ID, AMOUNT])
  const newer = sale([ID, AMOUNT, { name: 'note', type: 'string', default: '' }])
  await registry.register('sale', older)
  const codec = new Codec(registry)
  await codec.register(kindOf('sale', newer))
  const bytes = codec.encode(kindOf('sale', newer), { id: 's1', amount: 7, note: 'new' })
  t.equal(await registry.compare('sale', older), 'same')
  const back = new Codec(registry)
  await back.register(kindOf('sale', older))
  t.match(back.reader().decode(bytes).value, { id: 's1', amount: 7 })
})
