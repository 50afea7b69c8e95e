import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'

export const TOPIC = 'things'

/** For a broker that may just have come back. */
const PATIENT = { retries: 30, maxRetryTime: 1000 }

export const client = (config: KafkaConfig) =>
  new Kafka({ logLevel: logLevel.NOTHING, retry: { retries: 0 }, ...config })

export async function createTopic(bootstrap: string): Promise<void> {
  const admin = client({ brokers: [bootstrap] }).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }] })
  await admin.disconnect()
}

/** One try. */
export async function send(config: KafkaConfig, value: string): Promise<void> {
  const producer = client(config).producer()
  try {
    await producer.connect()
    await producer.send({ topic: TOPIC, acks: -1, messages: [{ value }] })
  } finally {
    await producer.disconnect()
  }
}

export const sendPatiently = (bootstrap: string, value: string): Promise<void> =>
  send({ brokers: [bootstrap], retry: PATIENT }, value)

/** All values of the topic. */
export async function stored(bootstrap: string): Promise<string[]> {
  const kafka = client({ brokers: [bootstrap], retry: PATIENT })
  const admin = kafka.admin()
  await admin.connect()
  const [partition] = await admin.fetchTopicOffsets(TOPIC)
  await admin.disconnect()
  const last = Number(partition!.high) - 1
  const values: string[] = []
  const consumer = kafka.consumer({ groupId: `all-${Math.random()}` })
  await consumer.connect()
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    if (last < 0) resolve()
    consumer
      .run({
        eachMessage: async ({ message }) => {
          values.push(String(message.value))
          if (Number(message.offset) >= last) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return values
}
