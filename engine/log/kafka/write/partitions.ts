import { setTimeout as sleep } from 'node:timers/promises'
import { isOutage, StratumError } from '../../../errors.ts'
import type { CommitUnit } from '../../port.ts'
import { call, type RdProducer, unavailable } from './rdkafka.ts'

export interface PartitionsOptions {
  readonly producer: RdProducer
  /** Partitions of a topic as last heard; undefined where it is not known. */
  readonly partitionsOf: (topic: string) => number | undefined
  readonly refresh: () => Promise<void>
  readonly onOutage: (error: unknown, attempt: number) => void
}

/** Partitions a unit names: whether they are there, and whether the producer has heard of them. */
export class Partitions {
  readonly #o: PartitionsOptions
  /** Of the topics written to, as the producer knows them. */
  readonly #used = new Map<string, number>()

  constructor(options: PartitionsOptions) {
    this.#o = options
  }

  isReady(unit: CommitUnit): boolean {
    return this.#areThere(unit) && (unit.appends ?? []).every(a => !this.#isNew(a))
  }

  /**
   * Waits for a cluster that is away. `stop` is asked before each try, and ends it by what it throws.
   * @throws TOPIC_UNKNOWN
   */
  async prepare(unit: CommitUnit, stop: () => void): Promise<void> {
    for (let attempt = 1; ; attempt++)
      try {
        stop()
        if (!this.#areThere(unit)) {
          await this.#o.refresh()
          this.#mustBeThere(unit)
        }
        for (const append of unit.appends ?? []) if (this.#isNew(append)) await this.#learn(append.topic)
        return
      } catch (error) {
        if (error instanceof StratumError && !isOutage(error)) throw error
        this.#o.onOutage(isOutage(error) ? error : unavailable(error), attempt)
        await sleep(Math.min(1_000, 20 * attempt))
      }
  }

  /** From its first record on the producer knows the topic as it is now. */
  use({ appends = [] }: CommitUnit): void {
    for (const { topic } of appends)
      if (!this.#used.has(topic)) this.#used.set(topic, this.#o.partitionsOf(topic)!)
  }

  /** Its topic has grown since the producer heard of it. */
  #isNew({ topic, partition }: { topic: string; partition: number }): boolean {
    return partition >= (this.#used.get(topic) ?? Number.POSITIVE_INFINITY)
  }

  async #learn(topic: string): Promise<void> {
    await call(done => this.#o.producer.getMetadata({ topic, timeout: 10_000 }, done))
    this.#used.set(topic, this.#o.partitionsOf(topic)!)
  }

  #isThere({ topic, partition }: { topic: string; partition: number }): boolean {
    return partition >= 0 && partition < (this.#o.partitionsOf(topic) ?? 0)
  }

  #areThere({ appends = [], positions = [] }: CommitUnit): boolean {
    return appends.every(a => this.#isThere(a)) && positions.every(p => this.#isThere(p))
  }

  #mustBeThere({ appends = [], positions = [] }: CommitUnit): void {
    for (const place of [...appends, ...positions])
      if (!this.#isThere(place))
        throw new StratumError(
          'TOPIC_UNKNOWN',
          `There is no partition ${place.partition} of a topic ${place.topic}.`,
        )
  }
}
