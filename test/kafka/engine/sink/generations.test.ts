import { join } from 'node:path'
import t from 'tap'
import { contextOf, itemsOf } from '../../../../engine/cli/ask.ts'
import { operations } from '../../../../engine/ops/index.ts'
import { refill } from '../../../../engine/runtime/prepare.ts'
import { openStores, type Stores } from '../../../../engine/runtime/stores.ts'
import { Worker, type WorkerEvent } from '../../../../engine/runtime/worker/worker.ts'
import { openChdb } from '../../../../engine/store/clickhouse.ts'
import { thingKind, things } from '../../../engine/sink/thread-tables.ts'
import { engineOptions } from '../../../support/engine.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { sharedKafka } from '../../../support/servers/shared-kafka.ts'
import { THINGS, thingsApp } from '../../../support/things.ts'

const PARTITIONS = 4
t.setTimeout(400_000)

const dir = temporaryFolder(t)
const warehouse = await openChdb(join(dir, 'warehouse'))
t.teardown(() => warehouse.close())

/** The stores as a process on a machine of its own has them. */
async function process(machine: string): Promise<Stores> {
  const { bootstrap } = await sharedKafka(t)
  const stores = await openStores(
    thingsApp,
    engineOptions(join(dir, machine), {
      partitions: { raw: 1, facts: PARTITIONS, persons: 1 },
      cut: { rows: 3, bytes: 1 << 20, ms: 1 },
      kafka: {
        connection: { brokers: [bootstrap] },
        groups: 2,
        replication: 1,
        minInsync: 1,
        commitMs: 5,
        compression: 'none',
        loadState: machine === 'desk',
      },
    }),
  )
  return { ...stores, warehouse: async () => warehouse }
}

let appended = 0

async function append({ log, codec }: Stores, n: number): Promise<void> {
  const writer = await log.writer('test.things')
  const time = 1_767_610_000_000_000
  const appends = Array.from({ length: n }, () => {
    const event_id = `e${appended++}`
    const thing = {
      tenant_id: 'acme',
      event_id,
      event_time: time,
      ingest_time: time,
      text: null,
      day: '2026-01-05',
    }
    return {
      topic: THINGS,
      partition: appended % PARTITIONS,
      records: [{ key: Buffer.from('acme'), value: codec.encode(thingKind, thing), time }],
    }
  })
  await writer.commit({ appends })
  await writer.close()
}

async function ask(stores: Stores, name: string, args: Record<string, unknown> = {}) {
  const items: Record<string, unknown>[] = []
  const operation = operations[name]!(contextOf(stores, null), args, new AbortController().signal)
  for await (const item of itemsOf(operation)) items.push(item as Record<string, unknown>)
  return items
}

const worker = (stores: Stores, told: WorkerEvent[] = []) =>
  new Worker({ stores, shard: { index: 0, of: 1 }, tell: event => told.push(event) })

const good = (records: number) => ({ records, rows: records, lost: 0, doubled: 0, alien: 0 })

t.test('positions set back by an apply were not seen by the owner of the partitions', async t => {
  const stores = await process('one')
  const first = worker(stores)
  await first.start()
  await append(stores, 20)
  await first.drain()
  await first.stop()
  await stores.close()

  const desk = await process('desk')
  await ask(desk, 'apply', { lose: ['things'] })
  t.same(await warehouse.query('SELECT _offset FROM stratum.things'), [])
  for (let partition = 0; partition < PARTITIONS; partition++)
    t.equal(await desk.log.position('sink.things', THINGS, partition), 0)
  await desk.close()

  // On the machine whose cache knows the positions of before.
  const again = await process('one')
  const second = worker(again)
  await second.start()
  await append(again, 4)
  await second.drain()
  await second.stop()
  await again.close()
  const looking = await process('desk')
  const verdict = (await ask(looking, 'verify')).find(v => v.table === 'things')
  t.match(verdict, good(24))
  await looking.close()
})

t.test('a worker that runs while its table is made anew elsewhere goes on with the new one', async t => {
  const stores = await process('two')
  const told: WorkerEvent[] = []
  const running = worker(stores, told)
  await running.start()
  await append(stores, 10)
  await running.drain()

  const desk = await process('desk')
  await refill(desk, things)
  t.match(
    await ask(desk, 'plan'),
    [{ name: 'things', action: 'recreate', loses_rows: false, detail: /cut off goes on/ }],
    'as if it had been killed here',
  )
  await desk.close()

  const other = await process('three')
  await t.rejects(worker(other).start(), { code: 'TABLE_MISMATCH', message: /`stratum apply` does it/ })
  await other.close()

  const after = await process('desk')
  await ask(after, 'apply')
  await append(stores, 6)
  await running.drain()
  t.ok(
    told.some(({ what }) => what === 'lost'),
    'it was taken over',
  )
  t.match(
    (await ask(after, 'verify')).find(v => v.table === 'things'),
    good(40),
  )
  await after.close()
  await running.stop()
  await stores.close()
})
