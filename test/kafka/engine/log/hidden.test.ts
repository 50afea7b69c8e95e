import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { KafkaLog } from '../../../../engine/log/kafka/log.ts'
import type { CommitUnit } from '../../../../engine/log/port.ts'
import { unique } from '../../../contract/event-log/subject.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { kafkaMissing } from '../../../support/servers/kafka.ts'
import { sharedKafka } from '../../../support/servers/shared-kafka.ts'
import { PATIENT, Sender } from './overlapping.ts'

const skip = kafkaMissing() ?? false
const CURSOR = Buffer.from('cursor')
const cursor = (value: string): CommitUnit => ({
  state: [{ store: 'mine', changes: [{ key: CURSOR, value: Buffer.from(value) }] }],
})

/** A process with a log: its writers share a changelog, and it may die before what it has written can be read. */
async function open(t: Test, bootstrap: string, topic: string): Promise<KafkaLog> {
  const log = await KafkaLog.open({
    kafka: { brokers: [bootstrap] },
    dir: temporaryFolder(t),
    namespace: `${topic}.`,
    topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
    changelogOf: () => ({ topic, partition: 0 }),
    load: [{ topic, partition: 0 }],
    consumerGroup: group => group,
    unseen: () => true,
  })
  t.teardown(() => log.close())
  return log
}

/** A transaction of a process that died: nobody ends it for a long time. Its record is there. */
async function leftOpen(t: Test, bootstrap: string, topic: string): Promise<Sender> {
  const sender = await Sender.open(bootstrap, `${topic}.other`, PATIENT)
  t.teardown(() => sender.close())
  await sender.begin()
  await sender.send(topic, ['1'], Buffer.from('sother\0cursor'))
  return sender
}

t.test(
  'a connection that came back while one of the same dead process had a transaction open read an old cursor, and wrote its records twice',
  { skip },
  async t => {
    const { bootstrap } = await sharedKafka(t)
    const topic = unique('cells')
    const before = await open(t, bootstrap, topic)
    const writer = await before.writer('mine')
    const other = await leftOpen(t, bootstrap, topic)
    await writer.commit(cursor('98'))

    const after = await open(t, bootstrap, topic)
    t.equal(after.state('mine').get(CURSOR), undefined, 'hidden by what lies open before it')
    const opening = after.writer('mine')
    const first = await Promise.race([opening.then(() => 'opened'), sleep(1_000, 'waits')])
    t.equal(first, 'waits')
    await other.abort()
    await opening
    t.equal(after.state('mine').get(CURSOR)?.toString(), '98')
  },
)
