import t from 'tap'
import { KafkaLog } from '../../../../engine/log/kafka/log.ts'
import type { TopicSpec } from '../../../../engine/log/port.ts'
import { unique } from '../../../contract/event-log/subject.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { sharedKafka } from '../../../support/servers/shared-kafka.ts'

t.test('three processes that started at once on an empty cluster ended with "no such topic"', async t => {
  const { bootstrap } = await sharedKafka(t)
  const namespace = unique('n')
  const changelog = { topic: `${namespace}-changelog`, partition: 0 }
  const open = () =>
    KafkaLog.open({
      kafka: { brokers: [bootstrap] },
      dir: temporaryFolder(t),
      namespace,
      topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
      changelogOf: () => changelog,
      load: [changelog],
      consumerGroup: group => group,
    })
  const logs = await Promise.all([open(), open(), open()])
  for (const log of logs) t.teardown(() => log.close())
  const specs = Array.from(
    { length: 12 },
    (_, i): TopicSpec => ({ name: `${namespace}-${i}`, partitions: 1 + i, cleanup: 'delete' }),
  )
  await Promise.all(
    logs.map(async log => {
      for (const spec of specs) await log.ensureTopic(spec)
    }),
  )
  for (const log of logs) {
    for (const { name, partitions } of specs)
      t.same(await log.bounds(name, partitions - 1), { start: 0, end: 0 })
    t.equal((await log.topics()).length, 1 + specs.length)
  }
})
