import kafkajs, { type Producer } from 'kafkajs'
import { payload } from '../../../../engine/log/kafka/write/produce.ts'
import { call, openProducer, type RdProducer } from '../../../../engine/log/kafka/write/rdkafka.ts'
import { pick, seeded } from '../../../chaos/random.ts'

/** How a transaction ends. `fenced`: its successor of the same name begins · `forgotten`: its time runs out. */
export type End = 'commit' | 'abort' | 'fenced' | 'forgotten'

export interface Written {
  /** Values that were committed, or written outside of any transaction. */
  readonly committed: ReadonlySet<string>
  readonly aborted: ReadonlySet<string>
  readonly ends: Readonly<Record<End, number>>
  /** Most transactions that were open at once. */
  readonly open: number
  /** Offset of the last record: committed, and seen when nothing before it is open. */
  readonly last: number
}

interface Slot {
  readonly id: string
  producer: Sender
  values: string[]
}

const SLOTS = 5
/** Of those that are to be forgotten; others never run out of time. Milliseconds. */
const FORGOTTEN_AFTER = 1_500
export const PATIENT = 600_000
/** kafkajs takes such keys for markers, wherever they are. */
const KEYS = [Buffer.alloc(4), Buffer.from([0, 0, 0, 1]), Buffer.from('a'), Buffer.alloc(0)]
const ENDS: readonly End[] = ['commit', 'commit', 'commit', 'abort', 'abort', 'fenced', 'forgotten']

/**
 * Writes transactions of several producers that overlap on partition 0 of a topic, ended in every way there is, with
 * records of no transaction between them. The same seed does the same in the same order.
 */
export async function writeOverlapping(
  bootstrap: string,
  topic: string,
  seed: number,
  steps: number,
): Promise<Written> {
  const random = seeded(seed)
  const upTo = (n: number) => Math.floor(random() * n)
  const committed = new Set<string>()
  const aborted = new Set<string>()
  const ends = { commit: 0, abort: 0, fenced: 0, forgotten: 0 }
  const plain = await plainProducer(bootstrap)
  const slots: Slot[] = []
  let open = 0
  for (let i = 0; i < SLOTS; i++) {
    const id = `${topic}.${i}`
    slots.push({ id, producer: await Sender.open(bootstrap, id, PATIENT), values: [] })
  }
  const end = async (slot: Slot, how: End) => {
    ends[how]++
    for (const value of slot.values) (how === 'commit' ? committed : aborted).add(value)
    slot.values = []
    if (how === 'fenced') {
      const former = slot.producer
      slot.producer = await Sender.open(bootstrap, slot.id, PATIENT)
      await former.close()
    } else if (how === 'commit') await slot.producer.commit()
    else await slot.producer.abort()
  }
  /** One whose process dies: nobody ends its transaction, and nobody comes after it. */
  const forget = async (step: number) => {
    ends.forgotten++
    const producer = await Sender.open(bootstrap, `${topic}.forgotten.${step}`, FORGOTTEN_AFTER)
    await producer.begin()
    const values = Array.from({ length: 1 + upTo(3) }, (_, n) => `forgotten.${step}.${n}`)
    for (const value of values) aborted.add(value)
    await producer.send(topic, values, pick(random, KEYS))
    await producer.close()
  }

  const outside = async (step: number, key = pick(random, KEYS)) => {
    const value = `plain.${step}`
    committed.add(value)
    const messages = [{ key, value, partition: 0 }]
    const [sent] = await plain.send({ topic, acks: -1, messages })
    return Number(sent!.baseOffset)
  }

  for (let step = 0; step < steps; step++) {
    const slot = pick(random, slots)
    if (slot.values.length === 0) await slot.producer.begin()
    const values = Array.from({ length: 1 + upTo(4) }, (_, n) => `${slot.id}.${step}.${n}`)
    slot.values.push(...values)
    await slot.producer.send(topic, values, pick(random, KEYS))
    open = Math.max(open, slots.filter(s => s.values.length > 0).length)
    if (upTo(8) === 0) {
      await outside(step)
    }
    if (upTo(3) > 0) continue
    const how = pick(random, ENDS)
    if (how === 'forgotten') await forget(step)
    else await end(slot, how)
  }
  for (const slot of slots) {
    if (slot.values.length > 0) await end(slot, pick(random, ['commit', 'abort'] as const))
    await slot.producer.close()
  }
  const last = await outside(steps, Buffer.from('last'))
  await plain.disconnect()
  return { committed, aborted, ends, open, last }
}

async function plainProducer(bootstrap: string): Promise<Producer> {
  const kafka = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING })
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  return producer
}

/** A transactional producer whose records are at the broker when `send` resolves. */
export class Sender {
  readonly #producer: RdProducer
  #reported = 0
  #sent = 0
  #heard: () => void = () => {}

  private constructor(producer: RdProducer) {
    this.#producer = producer
    producer.on('delivery-report', () => {
      this.#reported++
      if (this.#reported === this.#sent) this.#heard()
    })
  }

  static async open(bootstrap: string, id: string, timeoutMs: number): Promise<Sender> {
    const producer = await openProducer({ brokers: [bootstrap] }, id, {
      'transaction.timeout.ms': timeoutMs,
      'linger.ms': 0,
      // Of those that kafkajs can read.
      'compression.type': 'gzip',
      dr_cb: true,
    })
    await call(done => producer.initTransactions(30_000, done))
    return new Sender(producer)
  }

  begin(): Promise<void> {
    return call(done => this.#producer.beginTransaction(done))
  }

  commit(): Promise<void> {
    return call(done => this.#producer.commitTransaction(30_000, done))
  }

  abort(): Promise<void> {
    return call(done => this.#producer.abortTransaction(30_000, done))
  }

  send(topic: string, values: readonly string[], key: Buffer): Promise<void> {
    return new Promise(resolve => {
      this.#heard = resolve
      this.#sent += values.length
      for (const value of values) this.#producer.produce(topic, 0, Buffer.from(value), payload(key), 1)
    })
  }

  /** An open transaction is left as it is. */
  async close(): Promise<void> {
    await call(done => this.#producer.disconnect(5_000, done)).catch(() => {})
  }
}
