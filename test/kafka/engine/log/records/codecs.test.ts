import { createRequire } from 'node:module'
import { Kafka, logLevel } from 'kafkajs'
import t from 'tap'
import { unique } from '../../../../contract/event-log/subject.ts'
import { kafkaMissing } from '../../../../support/servers/kafka.ts'
import { sharedKafka } from '../../../../support/servers/shared-kafka.ts'
import { readTopic } from './fetch.ts'

const CODECS = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const
const RECORDS = 3_000
/** What packs well beside what does not; larger than a block of any codec, all together. */
const value = (i: number) =>
  Buffer.from(i % 10 === 0 ? `${Math.sin(i)}${Math.cos(i)}` : `event ${i % 37} `.repeat(5 + (i % 20)))
const expected = Array.from({ length: RECORDS }, (_, i) => ({ key: `k${i}`, value: value(i).toString() }))
const skip = kafkaMissing() ?? false

function client(bootstrap: string): Kafka {
  return new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING })
}

async function topicOf(bootstrap: string, name: string, compression: string): Promise<string> {
  const topic = unique(name)
  const admin = client(bootstrap).admin()
  await admin.connect()
  const configEntries = [{ name: 'compression.type', value: compression }]
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }] })
  await admin.disconnect()
  return topic
}

for (const [name, codec] of Object.entries(CODECS)) {
  t.test(`${name}, as the Java code of the broker writes it`, { skip }, async t_ => {
    const { bootstrap } = await sharedKafka(t)
    const topic = await topicOf(bootstrap, `java-${name}`, name)
    const producer = client(bootstrap).producer()
    await producer.connect()
    for (let i = 0; i < RECORDS; i += 1_000)
      await producer.send({ topic, messages: expected.slice(i, i + 1_000) })
    await producer.disconnect()
    const { records, codecs } = await readTopic(bootstrap, topic, () => 1 << 20)
    t_.strictSame([...codecs.keys()], [codec])
    t_.strictSame(
      records.map(record => ({ key: record.key.toString(), value: record.value!.toString() })),
      expected,
    )
  })

  t.test(`${name}, as librdkafka writes it`, { skip: skip || rdkafkaMissing(name) }, async t_ => {
    const { bootstrap } = await sharedKafka(t)
    const topic = await topicOf(bootstrap, `rdkafka-${name}`, 'producer')
    await produceNative(bootstrap, topic, name)
    const { records, codecs } = await readTopic(bootstrap, topic, () => 1 << 20)
    t_.strictSame([...codecs.keys()], [codec])
    t_.strictSame(
      records.map(record => ({ key: record.key.toString(), value: record.value!.toString() })),
      expected,
    )
  })
}

interface NativeProducer {
  connect(options: object, done: (error: unknown) => void): void
  produce(topic: string, partition: number, value: Buffer, key: string): void
  flush(timeout: number, done: (error: unknown) => void): void
  disconnect(done: () => void): void
}

function native(): { features: readonly string[]; Producer: new (settings: object) => NativeProducer } {
  return createRequire(import.meta.url)('node-rdkafka')
}

function rdkafkaMissing(codec: string): string | false {
  try {
    // It takes in the system's libzstd, where there is one as it is compiled.
    return native().features.includes(codec) ? false : `skipped: node-rdkafka is compiled without ${codec}`
  } catch {
    return 'skipped: needs node-rdkafka (npm run install:kafka)'
  }
}

async function produceNative(bootstrap: string, topic: string, codec: string): Promise<void> {
  const producer = new (native().Producer)({
    'metadata.broker.list': bootstrap,
    'compression.type': codec,
    'linger.ms': 200,
  })
  const called = (run: (done: (error?: unknown) => void) => void) =>
    new Promise<void>((resolve, reject) => run(error => (error ? reject(error) : resolve())))
  await called(done => producer.connect({}, done))
  for (const [i, { key }] of expected.entries()) producer.produce(topic, 0, value(i), key)
  await called(done => producer.flush(20_000, done))
  await called(done => producer.disconnect(done))
}
