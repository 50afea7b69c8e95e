import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import type { Kind } from '../../../engine/codec/kind.ts'
import { askOf } from '../../../engine/codec/registry/ask.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { StratumError } from '../../../engine/errors.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { type CutOrder, cutHere } from '../../../engine/sink/cut.ts'
import { cutInThread } from '../../../engine/sink/thread/thread.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { type Thing, tables, thingKind } from './thread-tables.ts'

const TOPIC = 'stratum.things'
const MODULE = new URL('./thread-tables.js', import.meta.url).href

async function setUp(t: Tap) {
  const dataDir = temporaryFolder(t)
  const log = new LmdbLog(dataDir)
  await log.ensureTopic({ name: TOPIC, partitions: 2, cleanup: 'delete' })
  const registry = await EmbeddedRegistry.open(log)
  const codec = new Codec(registry)
  await codec.register(thingKind)
  const writer = await log.writer('test')
  const here = cutHere(log, codec.reader(), tables)
  const data = { module: MODULE, dataDir, kinds: [thingKind], schemas: registry.entries }
  const thread = cutInThread(data, askOf(registry))
  t.teardown(async () => {
    await thread.close()
    await log.close()
  })
  let n = 0
  /** Appends things; a day no Date column holds makes one that is refused. */
  const append = async (...days: string[]) => {
    const records = days.map(day => {
      const thing: Thing = {
        tenant_id: 'acme',
        event_id: `e${n++}`,
        event_time: 1,
        ingest_time: 2,
        text: n % 3 ? 'ü' : null,
        day,
      }
      return {
        key: Buffer.from('acme'),
        value: codec.encode(thingKind, thing),
        time: 2,
      }
    })
    await writer.commit({ appends: [{ topic: TOPIC, partition: 1, records }] })
  }
  return { dataDir, registry, writer, here, thread, append }
}

interface Tap {
  teardown(fn: () => void | Promise<void>): void
}

const order = (from: number, end: number, more: Partial<CutOrder> = {}): CutOrder => ({
  table: 'things',
  topic: TOPIC,
  partition: 1,
  from,
  end,
  replaced: new Set(),
  ...more,
})

t.test('a thread makes the blocks that are made here, byte for byte', async t => {
  const { here, thread, append } = await setUp(t)
  await append('2026-01-01', '2026-01-02', '1815-06-18', '2026-01-04', '2026-01-05')
  for (const asked of [
    order(0, 5),
    order(1, 4),
    order(0, 5, { limits: { rows: 2, bytes: 1 << 20 } }),
    order(0, 5, { only: new Set([3]) }),
    order(0, 5, { replaced: new Set([0, 2]) }),
  ]) {
    const want = await here.cut(asked)
    t.strictSame(await thread.cut(asked), want)
  }
  const whole = await thread.cut(order(0, 5))
  t.equal(whole.rows, 4)
  t.match(whole.refused, [{ offset: 2, reason: /1815-06-18 is not a day a column can hold/ }])
  t.match(await thread.cut(order(0, 5, { limits: { rows: 2, bytes: 1 << 20 } })), { from: 0, to: 1, rows: 2 })
})

t.test(
  'what was committed a moment ago is in the block: the thread held on to an older view of the log',
  async t => {
    const { thread, append } = await setUp(t)
    for (let i = 0; i < 300; i++) {
      await append('2026-01-01')
      const { rows } = await thread.cut(order(i, i + 1))
      if (rows !== 1) return t.fail(`the row of offset ${i} is missing`)
    }
  },
)

t.test('a block of more than the partition holds is refused, never cut short unseen', async t => {
  const { here, thread, append } = await setUp(t)
  await append('2026-01-01')
  const want = { code: 'STORE_UNAVAILABLE', message: /ends at 1, before 3/ }
  await t.rejects(thread.cut(order(0, 3)), want)
  await t.rejects(here.cut(order(0, 3)), want)
  t.match(await thread.cut(order(0, 1)), { rows: 1 }, 'and it goes on')
})

t.test(
  'records of a release that came after the thread began were dead letters: it asks for schemas',
  async t => {
    const { registry, writer, here, thread, append } = await setUp(t)
    await append('2026-01-01')
    t.match(await thread.cut(order(0, 1)), { rows: 1 })
    const newer = new Codec(registry)
    const { fields } = thingKind.schema as unknown as { fields: readonly object[] }
    const schema = {
      ...(thingKind.schema as object),
      fields: [...fields, { name: 'more', type: 'string', default: '' }],
    } as never
    const kind: Kind = { name: thingKind.name, fields: thingKind.fields, schema }
    await newer.register(kind)
    const thing = { tenant_id: 'acme', event_id: 'x', event_time: 1, ingest_time: 2, text: null }
    const value = newer.encode(kind, { ...thing, day: '2026-01-02', more: 'm' })
    // A schema that nobody has is of that record alone.
    const foreign = Buffer.concat([Buffer.from([0, 0, 0, 99, 9]), value.subarray(5)])
    const key = Buffer.from('acme')
    const records = [value, foreign].map(value => ({ key, value, time: 2 }))
    await writer.commit({ appends: [{ topic: TOPIC, partition: 1, records }] })
    const cut = await thread.cut(order(0, 3))
    t.match(cut, { rows: 2, refused: [{ offset: 2, reason: /No schema has id 25353/ }] })
    t.strictSame(cut, await here.cut(order(0, 3)))
  },
)

t.test('a thread that is told of an outage when it asks says so', async t => {
  const { dataDir, append } = await setUp(t)
  await append('2026-01-01')
  const away = new StratumError('STORE_UNAVAILABLE', 'the registry is away')
  let tries = 0
  const data = { module: MODULE, dataDir, kinds: [], schemas: [] }
  const thread = cutInThread(data, async () => {
    tries++
    throw away
  })
  t.teardown(() => thread.close())
  await t.rejects(thread.cut(order(0, 1)), { code: 'STORE_UNAVAILABLE', message: away.message })
  await t.rejects(thread.cut(order(0, 1)), { code: 'STORE_UNAVAILABLE' })
  t.equal(tries, 2)
})

t.test('blocks asked for at once are told apart', async t => {
  const { thread, append } = await setUp(t)
  await append(...Array.from({ length: 40 }, (_, i) => `2026-02-${String(1 + (i % 28)).padStart(2, '0')}`))
  const cuts = await Promise.all(Array.from({ length: 40 }, (_, i) => thread.cut(order(i, 40))))
  t.strictSame(
    cuts.map(c => c.rows),
    Array.from({ length: 40 }, (_, i) => 40 - i),
  )
})

t.test('a thread that cannot start says so to whoever asks', async t => {
  const module = new URL('./no-such-module.js', import.meta.url).href
  const data = { module, dataDir: temporaryFolder(t), kinds: [], schemas: [] }
  const thread = cutInThread(data, async () => [])
  await t.rejects(thread.cut(order(0, 1)), { message: /the thread that makes blocks died: .*no-such-module/ })
  await t.rejects(thread.cut(order(0, 1)), { message: /died/ }, 'and again')
  await thread.close()
})
