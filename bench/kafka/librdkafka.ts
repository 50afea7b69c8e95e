import { createRequire } from 'node:module'

/** node-rdkafka, as far as the bench uses it: the client that neither of the systems under test reads with. */
interface Librdkafka {
  readonly Producer: new (config: object, topic: object) => Producer
  readonly KafkaConsumer: new (config: object, topic: object) => Consumer
}

type Done<T = unknown> = (error: Error | null | undefined, value: T) => void

interface Client {
  connect(options: object, done: Done): void
  on(event: string, listener: (...args: never[]) => void): this
}

export interface Producer extends Client {
  disconnect(timeoutMs: number, done: Done): void
  setPollInterval(ms: number): void
  /** Throws when its queue is full. The bytes are copied. */
  produce(topic: string, partition: null, value: Buffer, key: Buffer, timestampMs: number): void
  poll(): void
  flush(timeoutMs: number, done: Done): void
}

export interface Message {
  readonly partition: number
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
}

export interface Consumer extends Client {
  disconnect(done: Done): void
  assign(to: readonly { topic: string; partition: number; offset: number }[]): void
  consume(most: number, done: Done<readonly Message[]>): void
  setDefaultConsumeTimeout(ms: number): void
}

/** Throws one line when it is not installed. */
function load(): Librdkafka {
  try {
    return createRequire(import.meta.url)('node-rdkafka') as Librdkafka
  } catch (cause) {
    throw new Error('the bench needs node-rdkafka: npm run install:kafka', { cause })
  }
}

export const called = <T = unknown>(work: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => work((error, value) => (error ? reject(error) : resolve(value))))

/** Sends in order and without repeats; a record goes to the CRC-32 of its key, modulo, which is librdkafka's own way. */
export async function openProducer(bootstrap: string): Promise<Producer> {
  const { Producer } = load()
  const config = {
    'bootstrap.servers': bootstrap,
    'enable.idempotence': true,
    'linger.ms': 5,
    'batch.size': 1_000_000,
    'queue.buffering.max.messages': 500_000,
  }
  const producer = new Producer(config, { partitioner: 'consistent' })
  producer.on('event.error', () => {})
  await called(done => producer.connect({ timeout: 10_000 }, done))
  return producer
}

/** Reads committed records only. It is in no group and commits nothing. */
export async function openReader(bootstrap: string): Promise<Consumer> {
  const { KafkaConsumer } = load()
  const config = {
    'bootstrap.servers': bootstrap,
    'group.id': 'bench-reader',
    'enable.auto.commit': false,
    'enable.partition.eof': true,
    'isolation.level': 'read_committed',
    'fetch.wait.max.ms': 10,
    'queued.max.messages.kbytes': 65_536,
  }
  const consumer = new KafkaConsumer(config, { 'auto.offset.reset': 'error' })
  consumer.on('event.error', () => {})
  await called(done => consumer.connect({ timeout: 10_000 }, done))
  consumer.setDefaultConsumeTimeout(10)
  return consumer
}

/** What librdkafka takes for the start of a partition. */
export const BEGINNING = -2
