import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import t from 'tap'
import { readAll } from '../../../chaos/kafka/reader.ts'
import { kafkaMissing, startKafka } from '../../../support/servers/kafka.ts'
import { PATIENT, Sender } from './overlapping.ts'

const skip = kafkaMissing() ?? false
const TOPIC = 'topic'
const KEY = Buffer.from('key')

/** Resolves when it has one, or has none. */
async function untilLeader(admin: Admin, wanted: boolean): Promise<void> {
  for (; ; await sleep(100)) {
    const found = await admin.fetchTopicMetadata({ topics: [TOPIC] }).then(
      () => true,
      // Others come from a broker that is away.
      ({ cause, type = cause?.type }) => (type === 'LEADER_NOT_AVAILABLE' ? false : null),
    )
    if (found === wanted) return
  }
}

t.test(
  'Kafka 4.3 forgot to end a transaction where its partition had no leader when it was committed, and the next abort undid it (KAFKA-20734)',
  { skip, timeout: 300_000 },
  async t => {
    const first = await startKafka()
    t.teardown(() => first.stop())
    // The log of transactions is made now, so it lies on the first broker.
    const sender = await Sender.open(first.bootstrap, 'sender', PATIENT)
    t.teardown(() => sender.close())
    const second = await startKafka({ joins: first })
    t.teardown(() => second.stop())
    const admin = new Kafka({
      brokers: [first.bootstrap],
      logLevel: logLevel.NOTHING,
      retry: { retries: 2 },
    }).admin()
    await admin.connect()
    t.teardown(() => admin.disconnect())
    await admin.createTopics({
      topics: [{ topic: TOPIC, replicaAssignment: [{ partition: 0, replicas: [2] }] }],
      waitForLeaders: false,
    })
    await untilLeader(admin, true)

    await sender.begin()
    await sender.send(TOPIC, ['committed'], KEY)
    await second.kill()
    await untilLeader(admin, false)
    await sender.commit()
    await second.restart()
    await untilLeader(admin, true)
    await sender.begin()
    await sender.send(TOPIC, ['aborted'], KEY)
    await sender.abort()
    await sender.begin()
    await sender.send(TOPIC, ['last'], KEY)
    await sender.commit()

    let seen: string[] = []
    // The marks of the last one are written a moment after it is acknowledged.
    while (seen.at(-1) !== 'last') {
      const records = await readAll(first.bootstrap, [{ topic: TOPIC, partition: 0 }])
      seen = records.get(`${TOPIC}/0`)!.map(({ value }) => String(value))
    }
    t.strictSame(seen, ['committed', 'last'])
  },
)
