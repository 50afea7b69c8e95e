import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { KafkaLog } from '../../../../engine/log/kafka/log.ts'
import { unique } from '../../../contract/event-log/subject.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { kafkaMissing } from '../../../support/servers/kafka.ts'
import { sharedKafka } from '../../../support/servers/shared-kafka.ts'

const THREADS = '/proc/self/task'
const skip = kafkaMissing() ?? (process.platform === 'linux' ? false : `${THREADS} is of Linux`)

/** Each client of librdkafka has one main thread. */
const clients = () =>
  readdirSync(THREADS).filter(id => readFileSync(`${THREADS}/${id}/comm`, 'utf8').trim() === 'rdk:main')
    .length

t.test(
  'the producer of a fenced writer outlived its log and kept the process from ending',
  { skip },
  async t => {
    const { bootstrap } = await sharedKafka(t)
    const changelog = { topic: unique('changelog'), partition: 0 }
    const log = await KafkaLog.open({
      kafka: { brokers: [bootstrap] },
      dir: temporaryFolder(t),
      namespace: '',
      topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
      changelogOf: () => changelog,
      load: [changelog],
      consumerGroup: group => group,
    })
    t.teardown(() => log.close())
    const topic = unique('topic')
    await log.ensureTopic({ name: topic, partitions: 1, cleanup: 'delete' })
    const group = unique('group')
    const unit = { positions: [{ group, topic, partition: 0, next: 1 }] }
    const first = await log.writer(group)
    const second = await log.writer(group)
    await t.rejects(first.commit(unit), { code: 'WRITER_FENCED' })
    await second.commit(unit)
    t.equal(await log.position(group, topic, 0), 1)
    t.ok(clients() >= 2)
    await log.close()
    t.equal(clients(), 0)
  },
)
