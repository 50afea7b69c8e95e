import { EventEmitter, once } from 'node:events'
import t, { type Test } from 'tap'
import { EmbeddedRegistry } from '../../../../engine/codec/registry/embedded.ts'
import { KafkaLog } from '../../../../engine/log/kafka/log.ts'
import { LogTable } from '../../../../engine/log/table.ts'
import { unique } from '../../../contract/event-log/subject.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { sharedKafka } from '../../../support/servers/shared-kafka.ts'

/** Logs as processes of their own have them, on one broker. */
async function processes(test: Test, n: number): Promise<KafkaLog[]> {
  const { bootstrap } = await sharedKafka(t)
  const namespace = unique('n')
  const changelog = { topic: `${namespace}-changelog`, partition: 0 }
  const logs: KafkaLog[] = []
  for (let i = 0; i < n; i++) {
    const log = await KafkaLog.open({
      kafka: { brokers: [bootstrap] },
      dir: temporaryFolder(test),
      namespace,
      topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
      changelogOf: () => changelog,
      load: [changelog],
      consumerGroup: group => group,
    })
    test.teardown(() => log.close())
    logs.push(log)
  }
  return logs
}

t.test('processes that change one table at the same time lose no change', async t => {
  const logs = await processes(t, 2)
  const topic = unique('rows')
  const tables = await Promise.all(logs.map(log => LogTable.open<number>(log, topic)))
  const add = (table: LogTable<number>) => table.change(rows => [['n', (rows.get('n') ?? 0) + 1]])
  await Promise.all([...tables, ...tables, ...tables].map(add))
  for (const table of tables) {
    await table.refresh()
    t.equal(table.rows.get('n'), 6)
  }
})

t.test('processes that start at once give each schema one id', async t => {
  const logs = await processes(t, 2)
  const registries = await Promise.all(logs.map(log => EmbeddedRegistry.open(log)))
  const names = ['sale', 'refund', 'visit']
  const schemaOf = (name: string) =>
    ({ type: 'record', name, fields: [{ name: 'id', type: 'string' }] }) as never
  const ids = await Promise.all(
    registries.map(async registry => {
      const own: number[] = []
      for (const name of names) own.push(await registry.register(name, schemaOf(name)))
      return own
    }),
  )
  t.strictSame(ids[0], ids[1])
  t.strictSame([...ids[0]!].sort(), [1, 2, 3])
})

t.test('who follows a table has what another process writes', async t => {
  const [here, there] = await processes(t, 2)
  const topic = unique('rows')
  const reader = await LogTable.open<number>(here!, topic)
  const writer = await LogTable.open<number>(there!, topic)
  const stop = new AbortController()
  const heard = new EventEmitter()
  const following = reader.follow(stop.signal, () => heard.emit('change'))
  const changed = once(heard, 'change')
  await writer.put('n', 1)
  await changed
  t.equal(reader.rows.get('n'), 1)
  stop.abort()
  await following
})
