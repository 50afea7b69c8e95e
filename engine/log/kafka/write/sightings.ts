import { setTimeout as sleep } from 'node:timers/promises'
import type { RdProducer } from './rdkafka.ts'

interface Report {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/**
 * A transaction that stays unseen this long is held back by another's that is open: longer than one whose writer is
 * gone is left open (TRANSACTION_TIMEOUT_MS, and the ten seconds at which brokers look for such ones). Milliseconds.
 */
const PATIENCE_MS = 30_000

/**
 * Kafka acknowledges a transaction before its markers are written: for a moment its records cannot be read. Who
 * reads what it has just written (small tables, a connection's marks) waits for them here.
 */
export class Sightings {
  /** The producer, with every record counted. */
  readonly watched: RdProducer
  readonly #end: (topic: string, partition: number) => Promise<number>
  #sent = 0
  #reported = 0
  #last = new Map<string, Report>()

  constructor(producer: RdProducer, end: (topic: string, partition: number) => Promise<number>) {
    this.#end = end
    producer.on('delivery-report', (_error: unknown, report: Report) => {
      this.#reported++
      const { topic, partition, offset } = report ?? {}
      if (typeof offset === 'number' && offset >= 0) this.#last.set(`${topic}/${partition}`, report)
    })
    this.watched = new Proxy(producer, {
      get: (target, name) => {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name !== 'produce') return value.bind(target)
        return (...args: Parameters<RdProducer['produce']>) => {
          target.produce(...args)
          // One that was not taken is not reported.
          this.#sent++
        }
      },
    })
  }

  /** Resolves when everything the last transaction wrote can be read. */
  async seen(): Promise<void> {
    const until = performance.now() + PATIENCE_MS
    while (this.#reported < this.#sent && performance.now() < until) await sleep(1)
    for (const { topic, partition, offset } of this.#last.values())
      while ((await this.#end(topic, partition)) <= offset && performance.now() < until) await sleep(1)
    this.#last = new Map()
    this.#sent = this.#reported = 0
  }
}
