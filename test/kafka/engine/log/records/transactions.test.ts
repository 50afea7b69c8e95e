import { Kafka, logLevel } from 'kafkajs'
import t from 'tap'
import { unique } from '../../../../contract/event-log/subject.ts'
import { kafkaMissing } from '../../../../support/servers/kafka.ts'
import { sharedKafka } from '../../../../support/servers/shared-kafka.ts'
import { readTopic } from './fetch.ts'

const PRODUCERS = 3
const STEPS = 150

/** Numbers below n, the same in every run. */
function dice(seed: number): (n: number) => number {
  let state = seed
  return n => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
}

t.test(
  'transactions that overlap: what was aborted is not read',
  { skip: kafkaMissing() ?? false },
  async t_ => {
    const { bootstrap } = await sharedKafka(t)
    const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING })
    const topic = unique('overlapping')
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }] })
    await admin.disconnect()

    const producers = Array.from({ length: PRODUCERS }, (_, i) =>
      kafka.producer({ transactionalId: `${topic}-${i}`, maxInFlightRequests: 1, idempotent: true }),
    )
    type Transaction = Awaited<ReturnType<(typeof producers)[number]['transaction']>>
    const open: ({ transaction: Transaction; values: string[] } | undefined)[] = []
    const committed = new Set<string>()
    const aborted: string[] = []
    const roll = dice(7)
    const end = async (i: number, commit: boolean) => {
      const { transaction, values } = open[i]!
      open[i] = undefined
      await (commit ? transaction.commit() : transaction.abort())
      for (const value of values) commit ? committed.add(value) : aborted.push(value)
    }
    for (const producer of producers) await producer.connect()
    for (let step = 0; step < STEPS; step++) {
      const i = roll(PRODUCERS)
      const current = open[i] ?? { transaction: await producers[i]!.transaction(), values: [] }
      open[i] = current
      const values = Array.from({ length: 1 + roll(4) }, (_, n) => `${i}.${step}.${n}`)
      await current.transaction.send({
        topic,
        messages: values.map(value => ({ key: Buffer.alloc(4), value })),
      })
      current.values.push(...values)
      if (roll(3) === 0) await end(i, roll(2) === 0)
    }
    for (const [i, current] of open.entries()) if (current) await end(i, i % 2 === 0)
    for (const producer of producers) await producer.disconnect()

    t_.ok(
      aborted.length > 50 && committed.size > 50,
      `${aborted.length} aborted, ${committed.size} committed`,
    )
    for (const sizes of [() => 1 << 20, () => 1, () => 100 + roll(2_000)]) {
      const { records } = await readTopic(bootstrap, topic, sizes)
      const read = records.map(record => record.value!.toString())
      t_.strictSame([...read].sort(), [...committed].sort())
      t_.strictSame(
        records.map(record => record.offset),
        records.map(record => record.offset).sort((a, b) => a - b),
      )
    }
  },
)
