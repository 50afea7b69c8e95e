import t, { type Test } from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { loadConfig } from '../../../engine/config/index.ts'
import { registryOptions } from '../../../engine/runtime/registry-options.ts'
import { stage } from '../../../engine/stage/stage.ts'
import type { Application } from '../../../engine/stage/topology.ts'
import { listening } from '../../support/engine.ts'
import { startRegistry } from '../../support/servers/registry.ts'
import { type House, THINGS, Things, thingsApp } from '../../support/things.ts'
import { type Thing, thingKind } from '../sink/thread-tables.ts'

const lab = new Things(t)
const QUICK = { lagMs: 1, patience: { rounds: 2, firstMs: 1 } }

t.test('what endangers the schemas is told of at the start', async t => {
  const server = await startRegistry(t)
  server.store.setLevel(undefined, 'NONE')
  server.store.register('thing', JSON.stringify(thingKind.schema))
  const warnings: string[] = []
  const observer = { ...listening(), warning: (message: string) => warnings.push(message) }
  const house = await lab.house({ observer, registry: { urls: [server.url], ...QUICK } })
  await house.start()
  await house.close()
  t.match(warnings, [/^Schema registry: compatibility is NONE for thing: .* Set it to BACKWARD_TRANSITIVE/])
})

/** Things go through a task before they are in the table. */
const copying: Application = {
  ...thingsApp,
  topics: [...thingsApp.topics, { name: 'copies', route: 'key', cleanup: 'delete', kinds: [thingKind] }],
  tasks: [
    {
      name: 'copy',
      from: 'things',
      stages: [
        stage({
          name: 'copy',
          version: 1,
          on: { thing: (_: unknown, thing: Thing, ctx) => ctx.hand(thingKind, thing) },
        }),
      ],
      to: 'copies',
    },
  ],
  tables: thingsApp.tables.map(table =>
    table.name === 'things' ? { ...table, from: { topic: 'copies', kind: 'thing' } } : table,
  ),
}

/** A thing as a release with one more field writes it, by a schema that this process has not met. */
async function ofAnotherRelease(t: Test, register: (schema: string) => number): Promise<Buffer> {
  const { fields } = thingKind.schema as unknown as { fields: readonly object[] }
  const more = { name: 'more', type: 'string', default: '' }
  const schema = { ...(thingKind.schema as object), fields: [...fields, more] } as never
  const codec = new Codec(EmbeddedRegistry.inMemory())
  const kind = { name: 'thing', schema, fields: [] }
  await codec.register(kind)
  const base = { tenant_id: 'acme', event_id: 'x', event_time: 1, ingest_time: 2, day: '2026-01-05' }
  const value = codec.encode(kind, { ...base, text: 'theirs', more: 'm' })
  value.writeUInt32BE(register(JSON.stringify(schema)), 1)
  t.ok(value.length > 5)
  return value
}

async function append(house: House, value: Buffer): Promise<void> {
  const writer = await house.stores.log.writer('test.other')
  const records = [{ key: Buffer.from('acme'), value, time: 2 }]
  await writer.commit({ appends: [{ topic: THINGS, partition: 0, records }] })
  await writer.close()
}

for (const [what, app, where] of [
  ['a task', copying, 'outage task copy'],
  ['a sink', thingsApp, 'outage table things'],
] as const)
  t.test(`${what} waits while the registry is away; nothing is a dead letter, nothing is lost`, async t => {
    const server = await startRegistry(t, { firstId: 100_001 })
    const observer = listening()
    const cut = { rows: 4, bytes: 1 << 20, ms: 1 }
    const house = await lab.house({ observer, cut, registry: { urls: [server.url], ...QUICK } }, app)
    await house.start()
    await house.append({ text: 'ours' })
    const value = await ofAnotherRelease(t, schema => server.store.register('thing', schema))
    await server.down()
    await append(house, value)
    await house.append({ text: 'ours, later' })
    while (!observer.heard.includes(where)) await new Promise(done => setTimeout(done, 5))
    await server.up()
    await house.drain()
    const rows = (await house.rows()).map(row => row.text)
    t.strictSame(rows, ['ours', 'theirs', 'ours, later'])
    t.strictSame(
      observer.heard.filter(line => line !== where),
      [],
    )
    t.match(await house.verdict(), { records: 3, rows: 3, dead_letters: 0, lost: 0, doubled: 0 })
    const [tapped] = await house.ask<{ value: object }>('tap', { topic: 'things', from: '1', count: 1 })
    t.match(tapped, { kind: 'thing', value: { text: 'theirs' } })
    await house.close()
  })

t.test('a schema that nobody has registered makes a dead letter of its record alone', async t => {
  const server = await startRegistry(t)
  const house = await lab.house({ registry: { urls: [server.url], ...QUICK } }, copying)
  await house.start()
  await append(house, await ofAnotherRelease(t, () => 4_000_000))
  await house.append({ text: 'ours' })
  await house.drain()
  t.match(await house.rows(), [{ text: 'ours' }])
  t.match(await house.ask('deadletters.list'), [{ reason: /^No schema has id 4000000/ }])
  await house.close()
})

t.test('a start without its registry ends with one line, and may be tried again', async t => {
  const server = await startRegistry(t)
  const house = await lab.house({ registry: { urls: [server.url], ...QUICK } })
  await server.down()
  await t.rejects(house.start(), {
    code: 'STORE_UNAVAILABLE',
    message: /^Schema registry: nothing listens at .*: start it, or correct registry.url$/,
  })
  await server.up()
  await house.start()
  await house.append({ text: 'a' })
  await house.drain()
  t.match(await house.rows(), [{ text: 'a' }])
  await house.close()
})

t.test('settings', async t => {
  const of = (env: Record<string, string>) =>
    registryOptions(
      loadConfig({
        env: Object.fromEntries(Object.entries(env).map(([k, v]) => [`STRATUM_REGISTRY__${k}`, v])),
      }).registry,
    )
  t.equal(of({}), undefined)
  t.match(
    of({ URL: 'http://a:8081, https://b/x', USERNAME: 'ann', PASSWORD: '0123', TIMEOUT_SECONDS: '3' }),
    {
      urls: ['http://a:8081', 'https://b/x'],
      user: { name: 'ann', password: '0123' },
      timeoutMs: 3000,
      prefix: '',
    },
  )
  t.match(of({ URL: 'http://a', TOKEN: 'abc', CONTEXT: 'm', PREFIX: 'stratum.' }), {
    token: 'abc',
    context: 'm',
    prefix: 'stratum.',
  })
  for (const [env, message] of [
    [{ URL: 'http://a', TOKEN: 'x', USERNAME: 'y', PASSWORD: 'z' }, /two ways to log in/],
    [{ URL: 'http://a', USERNAME: 'y' }, /registry.password is missing/],
    [{ URL: 'http://a', PASSWORD: 'y' }, /registry.username is missing/],
    [{ URL: 'http://u:p@a' }, /leave user and password out of it/],
    [{ URL: 'a:8081' }, /STRATUM_REGISTRY__URL: \/registry\/url/],
    [{ CONTEXT: ':.a:' }, /\/registry\/context/],
  ] as const)
    t.throws(() => of(env), { code: 'CONFIG_INVALID', message })
})
