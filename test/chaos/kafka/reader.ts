import { createRequire } from 'node:module'

/** A committed record of the cluster, as librdkafka gives it. */
export interface Seen {
  readonly offset: number
  readonly key: Buffer
  readonly value: Buffer | null
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly headers: Readonly<Record<string, string>> | undefined
}

/** Committed records by `topic/partition`, in order. */
export type Records = ReadonlyMap<string, readonly Seen[]>

interface Message {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly timestamp: number
  readonly headers?: readonly Readonly<Record<string, Buffer>>[]
}

interface Consumer {
  connect(options: object, done: (error: unknown) => void): void
  assign(at: readonly { topic: string; partition: number; offset: string | number }[]): void
  consume(n: number, done: (error: unknown, messages?: Message[]) => void): void
  disconnect(done: () => void): void
  on(event: string, listener: (end: { topic: string; partition: number }) => void): void
}

/**
 * Reads whole partitions from their beginning (or from an offset) to their end, committed records only. Librdkafka
 * does it all: no code of the engine's readers takes part.
 */
export async function readAll(
  bootstrap: string,
  partitions: readonly { readonly topic: string; readonly partition: number; readonly from?: number }[],
): Promise<Records> {
  const { KafkaConsumer } = createRequire(import.meta.url)('node-rdkafka') as {
    KafkaConsumer: new (config: object, topic: object) => Consumer
  }
  const consumer = new KafkaConsumer(
    {
      'metadata.broker.list': bootstrap,
      'group.id': `independent-${process.pid}`,
      'isolation.level': 'read_committed',
      'enable.auto.commit': false,
      'enable.partition.eof': true,
      'check.crcs': true,
    },
    {},
  )
  const found = new Map(partitions.map(p => [`${p.topic}/${p.partition}`, [] as Seen[]]))
  const open = new Set(found.keys())
  consumer.on('partition.eof', ({ topic, partition }) => open.delete(`${topic}/${partition}`))
  await call(done => consumer.connect({ timeout: 30_000 }, done))
  consumer.assign(
    partitions.map(({ topic, partition, from }) => ({ topic, partition, offset: from ?? 'beginning' })),
  )
  while (open.size > 0)
    for (const m of await call<Message[]>(done => consumer.consume(2_000, done)))
      found.get(`${m.topic}/${m.partition}`)!.push(seen(m))
  await new Promise<void>(done => consumer.disconnect(done))
  return found
}

const seen = ({ offset, key, value, timestamp, headers }: Message): Seen => ({
  offset,
  key: key ?? Buffer.alloc(0),
  value,
  timestamp,
  headers: headers && Object.fromEntries(headers.flatMap(Object.entries).map(([k, v]) => [k, String(v)])),
})

function call<T>(work: (done: (error: unknown, answer?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    work((error, answer) => (error ? reject(error) : resolve(answer as T))),
  )
}
