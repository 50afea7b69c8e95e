import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Codec } from '../../../../engine/codec/codec.ts'
import type { AvroSchema, Kind } from '../../../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../../../engine/codec/registry/embedded.ts'
import { openSchemas, SCHEMAS_TOPIC } from '../../../../engine/codec/registry/table.ts'
import { LmdbLog } from '../../../../engine/log/lmdb/log.ts'
import { AMOUNT, ID, kindOf, sale, schemaRegistryContract, V1 } from '../../../contract/schema-registry.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { stepped } from '../../../support/logs.ts'

t.test('contract', async t => {
  schemaRegistryContract(t, async t => {
    const log = new LmdbLog(temporaryFolder(t))
    t.teardown(() => log.close())
    return () => EmbeddedRegistry.open(log)
  })
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

t.test('a log with ids of a registry was read with others when its URL was forgotten', async t => {
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  const schemas = await openSchemas(log)
  await schemas.change(() => [
    ['registry/7', { subject: 'sale', version: 1, id: 7, schema: V1, of: 'registry' }],
  ])
  await t.rejects(EmbeddedRegistry.open(log), {
    code: 'CONFIG_INVALID',
    message: /^registry.url is not set, .* \(sale is 7\): set STRATUM_REGISTRY__URL/,
  })
})
