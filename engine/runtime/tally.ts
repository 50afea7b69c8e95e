import { tickKind } from '../clock/tick.ts'
import { partitionOf } from '../log/partition.ts'
import { tenantOf } from '../log/tenant.ts'
import { DEAD_LETTERS, topicName } from '../stage/layout.ts'
import type { Stores } from './stores.ts'

type Opened = Pick<Stores, 'log' | 'codec' | 'layout'>

interface Place {
  readonly topic: string
  readonly partition: number
  readonly from: number
}

/**
 * Counts in the log what has come of a connector's run, where other processes do part of the work and count for
 * themselves: what of its tenant and source was written since it began.
 */
export class Tally {
  readonly #stores: Opened
  readonly #tenant: string
  readonly #facts: Place
  readonly #letters: readonly Place[]

  private constructor(stores: Opened, tenant: string, facts: Place, letters: readonly Place[]) {
    this.#stores = stores
    this.#tenant = tenant
    this.#facts = facts
    this.#letters = letters
  }

  static async begin(stores: Opened, tenant: string): Promise<Tally> {
    const { log, layout } = stores
    const place = async (short: string, partition: number): Promise<Place> => {
      const topic = topicName(short)
      return { topic, partition, from: (await log.bounds(topic, partition)).end }
    }
    const facts = await place('facts', partitionOf(tenant, layout.partitions('facts')))
    const letters: Place[] = []
    for (let p = 0; p < layout.partitions(DEAD_LETTERS); p++) letters.push(await place(DEAD_LETTERS, p))
    return new Tally(stores, tenant, facts, letters)
  }

  /** Facts of the source, ticks not among them; dead letters of the tenant, whoever refused them. */
  async count(source: string): Promise<{ written: number; deadLettered: number }> {
    const reader = this.#stores.codec.reader()
    let [written, deadLettered] = [0, 0]
    for await (const values of this.#since(this.#facts)) {
      await reader.ready(values.map(value => ({ value })))
      for (const bytes of values) {
        const { kind, value } = reader.decode(bytes)
        if (kind !== tickKind.name && value.source === source) written++
      }
    }
    for (const place of this.#letters)
      for await (const values of this.#since(place)) deadLettered += values.length
    return { written, deadLettered }
  }

  async *#since({ topic, partition, from }: Place): AsyncGenerator<Buffer[]> {
    const { log } = this.#stores
    for (let at = from; ; ) {
      const batch = await log.read(topic, partition, at)
      if (batch === null) return
      at = batch.next
      yield batch.records.flatMap(r =>
        r.value !== null && tenantOf(r.key) === this.#tenant ? [r.value] : [],
      )
    }
  }
}
