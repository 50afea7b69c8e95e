import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import t, { type Test } from 'tap'
import { KafkaLog } from '../../../../engine/log/kafka/log.ts'
import { readAll as readByLibrdkafka } from '../../../chaos/kafka/reader.ts'
import { seeded } from '../../../chaos/random.ts'
import { readAll, unique } from '../../../contract/event-log/subject.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { kafkaMissing } from '../../../support/servers/kafka.ts'
import { sharedKafka } from '../../../support/servers/shared-kafka.ts'
import { type Written, writeOverlapping } from './overlapping.ts'

const SEED = Number(process.env.STRATUM_SEED ?? 20_261)
const STEPS = 160
const skip = kafkaMissing() ?? false
t.setTimeout(600_000)

interface Overlapped {
  readonly bootstrap: string
  readonly topic: string
  readonly log: KafkaLog
  readonly written: Written
}

async function overlapped(t_: Test, seed: number): Promise<Overlapped> {
  const { bootstrap } = await sharedKafka(t)
  const topic = unique('overlapping')
  const log = await KafkaLog.open({
    kafka: { brokers: [bootstrap] },
    dir: temporaryFolder(t_),
    namespace: topic,
    topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
    changelogOf: () => ({ topic: `${topic}-changelog`, partition: 0 }),
    consumerGroup: group => group,
  })
  t_.teardown(() => log.close())
  await log.ensureTopic({ name: topic, partitions: 1, cleanup: 'delete' })
  const written = await writeOverlapping(bootstrap, topic, seed, STEPS)
  while ((await log.bounds(topic, 0)).end <= written.last) await sleep(100)
  return { bootstrap, topic, log, written }
}

interface Shown {
  readonly offset: number
  readonly key: Buffer
  readonly value: Buffer | null
}

const line = ({ offset, key, value }: Shown) => `${offset} ${key.toString('hex')} ${value}`

t.test(
  'what is read of overlapping transactions is what librdkafka reads',
  { skip, timeout: 600_000 },
  async t => {
    for (const seed of [SEED, SEED + 1, SEED + 2])
      await t.test(`seed ${seed}`, { timeout: 600_000 }, async t => {
        const { bootstrap, topic, log, written } = await overlapped(t, seed)
        const { committed, aborted, ends, open } = written
        t.comment(
          `${committed.size} committed, ${aborted.size} aborted, ${JSON.stringify(ends)}, ${open} open`,
        )
        t.ok(aborted.size > 40 && committed.size > 40 && open > 2 && Object.values(ends).every(n => n > 0))

        const theirs = async (from: number) => {
          const read = await readByLibrdkafka(bootstrap, [{ topic, partition: 0, from }])
          return read.get(`${topic}/0`)!.map(line)
        }
        const whole = await theirs(0)
        t.strictSame(whole.map(l => l.split(' ')[2]!).sort(), [...committed].sort())
        const random = seeded(seed)
        for (const maxBytes of [1 << 20, 1, 100, 700, 3_000])
          t.strictSame((await readAll(log, topic, 0, 0, { maxBytes })).map(line), whole, `${maxBytes} bytes`)

        const { end } = await log.bounds(topic, 0)
        const wrong: number[] = []
        const offsets = whole.map(l => Number(l.split(' ')[0]))
        const starts = Array.from({ length: end }, (_, from) => ({ from, at: random() }))
        for (const { from } of starts.sort((a, b) => a.at - b.at)) {
          const maxBytes = 1 + Math.floor(random() * 2_000)
          const batch = await log.read(topic, 0, from, { maxBytes })
          const first = offsets.findIndex(o => o >= from)
          const wanted =
            first < 0 ? [] : whole.filter((_, i) => i >= first && offsets[i]! < (batch?.next ?? end))
          if (batch === null || batch.next <= from || batch.records.map(line).join() !== wanted.join())
            wrong.push(from)
        }
        t.strictSame(wrong, [], `from any of ${end} offsets`)
        for (let i = 0; i < 6; i++) {
          const from = Math.floor(random() * end)
          const ours = await readAll(log, topic, 0, from, { maxBytes: 500 })
          t.strictSame(ours.map(line), await theirs(from), `from ${from}`)
        }
      })
  },
)

// The reason for a decoder of our own: 175 of 250 aborted records were delivered with this seed. When this fails,
// kafkajs has been mended and might do.
t.test('kafkajs by itself delivers what was aborted', { skip, timeout: 600_000 }, async t => {
  const { bootstrap, topic, written } = await overlapped(t, SEED)
  const { committed, aborted, last } = written
  const kafka = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: topic, readUncommitted: false })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const read = new Set<string>()
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    consumer
      .run({
        eachMessage: async ({ message }) => {
          read.add(String(message.value))
          if (Number(message.offset) === last) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  const leaked = [...read].filter(value => aborted.has(value))
  const lost = [...committed].filter(value => !read.has(value))
  t.comment(
    `${leaked.length} of ${aborted.size} aborted delivered, ${lost.length} of ${committed.size} committed lost`,
  )
  t.ok(leaked.length > 0)
})
