import t, { type Test } from 'tap'
import { Codec } from '../../../../engine/codec/codec.ts'
import { askOf } from '../../../../engine/codec/registry/ask.ts'
import { ConfluentRegistry } from '../../../../engine/codec/registry/confluent.ts'
import type { RegistryConnection } from '../../../../engine/codec/registry/connection.ts'
import { EmbeddedRegistry } from '../../../../engine/codec/registry/embedded.ts'
import { LmdbLog } from '../../../../engine/log/lmdb/log.ts'
import {
  AMOUNT,
  as,
  ID,
  kindOf,
  sale,
  schemaRegistryContract,
  V1,
} from '../../../contract/schema-registry.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { type RegistryOptions, startRegistry } from '../../../support/servers/registry.ts'

const QUICK = { lagMs: 1, patience: { rounds: 2, firstMs: 1 } }

/** A server, a log, and registries over both. */
async function place(t: Test, options: RegistryOptions = {}) {
  const server = await startRegistry(t, { firstId: 100_001, ...options })
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  const open = async (more: Partial<RegistryConnection> = {}, at = log) => {
    const registry = await ConfluentRegistry.open(at, { urls: [server.url], ...QUICK, ...more })
    t.teardown(() => registry.close())
    return registry
  }
  return { ...server, server, log, open }
}

t.test('contract', async t => {
  schemaRegistryContract(t, async t => {
    const { open } = await place(t)
    return open
  })
})

t.test('with a context and a prefix it keeps the contract, and ids are those of its context', async t => {
  schemaRegistryContract(t, async t => {
    const { open, store } = await place(t)
    store.register('sale', JSON.stringify(sale([{ name: 'x', type: 'bytes' }])))
    store.register(':.other:stratum.sale', JSON.stringify(sale([{ name: 'y', type: 'bytes' }])))
    return () => open({ context: 'marketing', prefix: 'stratum.' })
  })
  const { open, store } = await place(t)
  await (await open({ context: 'marketing', prefix: 'stratum.' })).register('sale', V1)
  t.strictSame(store.subjects(''), [':.marketing:stratum.sale'])
})

t.test('ids in records are those of the registry, the same for the same schema', async t => {
  const { open, store } = await place(t)
  store.register('refund', JSON.stringify(as('refund')))
  const codec = new Codec(await open())
  await codec.register(kindOf('sale', V1))
  const bytes = codec.encode(kindOf('sale', V1), { id: 's', amount: 1, state: 'OPEN' })
  t.equal(bytes.readUInt32BE(1), 100_002)
  t.equal(bytes[0], 0)
})

t.test('our subjects get their rule before their first schema; what has another is told of', async t => {
  const { open, store, requests } = await place(t)
  const registry = await open()
  await registry.register('sale', V1)
  t.equal(store.levelOf('sale'), 'BACKWARD_TRANSITIVE')
  const changes = requests.filter(line => /^PUT|^POST .*versions$/.test(line))
  t.strictSame(changes, ['PUT /config/sale', 'POST /subjects/sale/versions'])
  for (const name of ['a', 'b', 'c', 'd', 'e']) store.register(name, JSON.stringify(as(name)))
  store.setLevel(undefined, 'NONE')
  store.setLevel('e', 'BACKWARD')
  t.strictSame([...(await registry.warnings(['a', 'b', 'c', 'd', 'e', 'sale']))].sort(), [
    'Schema registry: compatibility is BACKWARD for e: new schemas are compared with the latest only. Set it to BACKWARD_TRANSITIVE (PUT /config/{subject}).',
    'Schema registry: compatibility is NONE for a, b, c and 1 more: others may register schemas that cannot read what is written. Set it to BACKWARD_TRANSITIVE (PUT /config/{subject}).',
  ])
})

t.test('a registry without a rule let a schema pass that reads nothing of what is there', async t => {
  const { open, store } = await place(t)
  store.setLevel(undefined, 'NONE')
  store.register('sale', JSON.stringify(sale([ID])))
  const registry = await open()
  const unreadable = sale([AMOUNT])
  t.match(await registry.compare('sale', unreadable), { incompatible: /^version 1: .*amount/ })
  await t.rejects(registry.register('sale', unreadable), { code: 'SCHEMA_INCOMPATIBLE' })
})

t.test('a stricter rule of the registry counts as well', async t => {
  const { open, store } = await place(t)
  store.register('sale', JSON.stringify(sale([ID, AMOUNT])))
  store.setLevel('sale', 'FULL_TRANSITIVE')
  const registry = await open()
  const fewer = sale([ID])
  t.match(await registry.compare('sale', fewer), { incompatible: /amount/ })
  await t.rejects(registry.register('sale', fewer), { code: 'SCHEMA_INCOMPATIBLE', message: /amount/ })
  t.strictSame(await registry.warnings(['sale']), [])
})

t.test('where compatibility may be neither set nor seen, that is told of and no more', async t => {
  const { open, faults } = await place(t)
  faults.push({ of: /^PUT/, does: 403 }, { of: /^GET .config/, does: 403 })
  const registry = await open()
  t.equal(await registry.register('sale', V1), 100_001)
  t.match(await registry.warnings(['sale']), [
    /^Compatibility could not be set. Schema registry: http:\/\/127.0.0.1:\d+ does not allow it: grant it to the user/,
    /^Compatibility could not be checked. Schema registry: http/,
  ])
})

t.test('a schema that is none is refused with what is wrong', async t => {
  const { open } = await place(t)
  const registry = await open()
  const wrong = sale([{ name: 'amount', type: ['null', 'long'], default: 0 }])
  await t.rejects(registry.register('sale', wrong), {
    code: 'STORE_REFUSED',
    message: /does not take a schema: Invalid schema .*Invalid default for field amount: 0/,
  })
})

t.test(
  'a thread dealt ids of its own when a release had only put the keys of a schema in another order',
  async t => {
    const { open } = await place(t)
    const id = await (await open()).register('sale', V1)
    const again = Object.fromEntries(Object.entries(V1).reverse()) as never
    t.not(JSON.stringify(again), JSON.stringify(V1))
    const registry = await open()
    t.equal(await registry.register('sale', again), id)
    const thread = EmbeddedRegistry.inMemory(registry.entries, askOf(registry))
    t.equal(await thread.register('sale', again), id)
    await t.rejects(thread.register('refund', as('refund')), { code: 'SCHEMA_UNKNOWN' })
  },
)

t.test(
  'an id is fetched once; one that there is none of is asked for twice, and then left alone',
  async t => {
    const { open, store, requests } = await place(t)
    const id = store.register('sale', JSON.stringify(V1))
    const registry = await open()
    await Promise.all([registry.learn([id, 5]), registry.learn([5, id])])
    await registry.learn([id, 5, id])
    t.strictSame(
      requests.sort(),
      [`GET /schemas/ids/${id}`, 'GET /schemas/ids/5', 'GET /schemas/ids/5'].sort(),
    )
    t.throws(() => registry.byId(5), { code: 'SCHEMA_UNKNOWN' })
  },
)

t.test('a follower was behind the leader, and a record that was good was a dead letter', async t => {
  const { open, store, faults } = await place(t)
  const id = store.register('sale', JSON.stringify(V1))
  const registry = await open()
  faults.push({ of: /ids/, does: 'not yet' })
  await registry.learn([id])
  t.ok(registry.has(id))
})

t.test(
  'what our processes wrote is read while the registry is away, what others wrote is an outage',
  async t => {
    const { open, store, down, up } = await place(t)
    const early = await open()
    const codec = new Codec(await open())
    await codec.register(kindOf('sale', V1))
    const value = codec.encode(kindOf('sale', V1), { id: 's', amount: 1, state: 'OPEN' })
    const theirs = Buffer.from(value)
    theirs.writeUInt32BE(store.register('theirs', JSON.stringify(as('theirs'))), 1)
    await down()
    const reader = new Codec(early).reader()
    await reader.ready([{ value }])
    t.match(reader.decode(value), { kind: 'sale', value: { id: 's' } })
    await t.rejects(reader.ready([{ value: theirs }])!, {
      code: 'STORE_UNAVAILABLE',
      message: /^Schema registry: nothing listens at http:\/\/127.0.0.1:\d+ \(ECONNREFUSED\)/,
    })
    await up()
    await reader.ready([{ value: theirs }])
    t.match(reader.decode(theirs), { kind: 'theirs', value: { id: 's' } })
  },
)

t.test('another registry was taken for the one a log was written with', async t => {
  const { open, store } = await place(t)
  await (await open()).register('sale', V1)
  store.forget()
  await t.rejects((await open()).register('refund', as('refund')), {
    code: 'CONFIG_INVALID',
    message: /gives id 100001 to refund, and records of this log have it for another schema \(sale\)/,
  })
})

t.test('a schema that was deleted and has another id now is told of', async t => {
  const { open, store } = await place(t)
  const first = await open()
  const old = await first.register('sale', V1)
  store.forget()
  for (const name of ['x', 'y']) store.register(name, JSON.stringify(as(name)))
  const registry = await open()
  t.equal(await registry.register('sale', V1), 100_003)
  t.match(await registry.warnings([]), [/^Schema registry: sale had id 100001 and has 100003 now/])
  t.strictSame(registry.byId(old), V1, 'what was written can be read')
})

t.test('a log of the embedded registry is gone on with only where its ids mean the same', async t => {
  const { open, store, log } = await place(t, { firstId: 1 })
  const embedded = await EmbeddedRegistry.open(log)
  await embedded.register('sale', V1)
  await embedded.register('refund', as('refund'))
  const why = {
    code: 'CONFIG_INVALID',
    message: /written with the embedded schema registry, and id 1 \(sale\)/,
  }
  await t.rejects((await open()).register('sale', V1), why)
  await t.rejects((await open()).learn([1]), why)
  // Imported under their ids.
  for (const [name, schema] of [
    ['sale', V1],
    ['refund', as('refund')],
  ] as const)
    store.register(name, JSON.stringify(schema))
  const registry = await open()
  t.equal(await registry.register('refund', as('refund')), 2)
  await registry.learn([1])
  t.match(registry.byId(1), { name: 'sale' })
})
