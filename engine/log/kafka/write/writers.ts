import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, StratumError } from '../../../errors.ts'
import type { LogWriter } from '../../port.ts'
import type { KafkaSettings } from '../client/settings.ts'
import type { Changelogs } from '../state/changelogs.ts'
import type { Position } from '../state/entry.ts'
import { compare } from './compare.ts'
import { decided } from './decided.ts'
import {
  CALL_MS,
  call,
  openOffsetCarrier,
  openProducer,
  type RdConsumer,
  type RdError,
  refusalOf,
} from './rdkafka.ts'
import { Sightings } from './sightings.ts'
import { KafkaWriter } from './writer.ts'

export interface WritersOptions {
  readonly kafka: KafkaSettings
  readonly namespace: string
  readonly changelogs: Changelogs
  readonly consumerGroup: (group: string) => string
  readonly commitMs: number
  readonly compression: string
  readonly unseen: (writer: string) => boolean
  /** All that a writer with a changelog of its own may have a position on. */
  readonly placesOf: (writer: string) => readonly Omit<Position, 'next'>[]
  readonly partitionsOf: (topic: string) => number | undefined
  readonly refresh: () => Promise<void>
  /** What a consumer group shows. */
  readonly shown: (group: string, topic: string, partition: number) => Promise<number | null>
  /** End of a partition for a reader of committed records, asked anew. */
  readonly end: (topic: string, partition: number) => Promise<number>
  /** End of a partition with what is not decided yet, asked anew. */
  readonly written: (topic: string, partition: number) => Promise<number>
  readonly onOutage: (error: unknown, attempt: number) => void
  readonly onCommit?: ((writer: string, seconds: number, units: number) => void) | undefined
}

/** The writers of a process. */
export class Writers {
  readonly #o: WritersOptions
  /** All that have a producer, fenced ones too. */
  readonly #open = new Set<KafkaWriter>()
  /** By name. An earlier one of the name may not know yet that it has been fenced. */
  readonly #latest = new Map<string, KafkaWriter>()
  readonly #carriers = new Map<string, Promise<RdConsumer>>()

  constructor(options: WritersOptions) {
    this.#o = options
  }

  /**
   * Takes the group over: earlier writers of its name can commit no more, what they had open is undone, and only
   * then is read what the last of them committed.
   */
  async open(name: string): Promise<LogWriter> {
    const { kafka, namespace, changelogs, unseen, compression, onOutage, onCommit } = this.#o
    const seen = !unseen(name)
    const producer = await openProducer(kafka, `${namespace}${name}`, {
      'compression.type': compression,
      ...(seen ? { dr_cb: true, 'linger.ms': 0 } : {}),
    }).catch(error => {
      throw noTransactions(name, error)
    })
    const sightings = seen ? new Sightings(producer, this.#o.end) : null
    try {
      for (let attempt = 1; ; attempt++)
        try {
          await call(done => producer.initTransactions(CALL_MS, done))
          break
        } catch (error) {
          if (!(error as RdError).isRetriable) throw error
          onOutage(error, attempt)
          await sleep(200)
        }
      const changelog = changelogs.of(name)
      const known = this.#o.partitionsOf(changelog.topic) !== undefined
      if (known && changelog.sole === undefined) await decided({ ...changelog, ...this.#o })
      const restored = async () => (await changelogs.restore(changelog)).get(name)
      const offsets = known ? await restored() : undefined
      const positions = offsets?.positions ?? []
      if (changelog.sole === name) {
        const { consumerGroup, shown, placesOf } = this.#o
        const nothing = { seq: 0, life: null, positions: placesOf(name).map(p => ({ ...p, next: null })) }
        const said = offsets ?? nothing
        await compare({ writer: name, offsets: said, consumerGroup, shown, again: restored, wait: sleep })
      }
      const writer = new KafkaWriter({
        name,
        producer: sightings?.watched ?? producer,
        changelogOf: store => changelogs.of(store),
        cache: of => changelogs.cache(of),
        seq: offsets?.seq ?? 0,
        life: offsets?.life ?? randomUUID(),
        positions,
        partitionsOf: this.#o.partitionsOf,
        refresh: this.#o.refresh,
        carrier: group => this.#carrier(this.#o.consumerGroup(group)),
        follow: of => changelogs.follow(of),
        last: of => changelogs.last(of, name),
        end: ({ topic, partition }) => this.#o.end(topic, partition),
        committed: async () => sightings?.seen(),
        onOutage,
        onCommit: onCommit && ((seconds, units) => onCommit(name, seconds, units)),
        commitMs: seen ? 0 : this.#o.commitMs,
      })
      await writer.open()
      for (const w of this.#open) if (w.closed) this.#open.delete(w)
      this.#open.add(writer)
      this.#latest.set(name, writer)
      return writer
    } catch (error) {
      await call(done => producer.disconnect(5_000, done)).catch(() => {})
      throw noTransactions(name, error)
    }
  }

  #carrier(group: string): Promise<RdConsumer> {
    let carrier = this.#carriers.get(group)
    if (!carrier) {
      carrier = openOffsetCarrier(this.#o.kafka, group)
      this.#carriers.set(group, carrier)
      carrier.catch(() => this.#carriers.delete(group))
    }
    return carrier
  }

  /** What a writer opened here has committed; null where none that still may write has. */
  position(group: string, topic: string, partition: number): number | null {
    for (const writer of this.#latest.values()) {
      const at = writer.alive ? writer.position(group, topic, partition) : null
      if (at !== null) return at
    }
    return null
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map(w => w.close()))
    const carriers = await Promise.allSettled(this.#carriers.values())
    for (const c of carriers)
      if (c.status === 'fulfilled') await call(done => c.value.disconnect(done)).catch(() => {})
  }
}

/** A broker that is away, or that does not answer: it may be asked again. */
const noTransactions = (name: string, error: unknown): StratumError =>
  error instanceof StratumError
    ? error
    : (refusalOf(error) ??
      new StratumError('STORE_UNAVAILABLE', `Kafka gives ${name} no transactions: ${messageOf(error)}`, {
        cause: error,
      }))
