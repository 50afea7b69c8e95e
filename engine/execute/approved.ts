import { setTimeout as sleep } from 'node:timers/promises'
import type { Codec, Reader } from '../codec/codec.ts'
import { batchesOf } from '../log/batches.ts'
import type { EventLog } from '../log/port.ts'
import { ACTION_KIND, type ActionView, approved } from './action.ts'

export interface ApprovedOptions {
  readonly log: EventLog
  readonly codec: Codec
  /** Of actions, by its full name. */
  readonly topic: string
  /** Partitions whose actions are this process's to look after, as they are at the moment. */
  readonly owned: () => readonly number[]
}

interface Part {
  at: number
  /** By the record's key, in the order in which they were approved. */
  readonly open: Map<string, ActionView>
}

/** The approved actions of the partitions that this process looks after, as the fold last said. */
export class Approved {
  readonly #o: ApprovedOptions
  readonly #reader: Reader
  readonly #parts = new Map<number, Part>()

  constructor(options: ApprovedOptions) {
    this.#o = options
    this.#reader = options.codec.reader()
  }

  /** Reads on to the end; what is another's now is forgotten. */
  async refresh(): Promise<void> {
    const owned = new Set(this.#o.owned())
    for (const partition of this.#parts.keys()) if (!owned.has(partition)) this.#parts.delete(partition)
    await Promise.all([...owned].map(partition => this.#readOn(partition)))
  }

  *all(): Generator<ActionView> {
    for (const { open } of this.#parts.values()) yield* open.values()
  }

  /** Resolves when there may be something new, or after a while. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const until = AbortSignal.any([signal, over.signal])
    const { log, topic } = this.#o
    const pause = sleep(ms, undefined, { signal: until }).catch(() => {})
    const arrivals = [...this.#parts].map(([partition, { at }]) => log.wait(topic, partition, at, until))
    // A log that is away is asked again after the pause.
    await Promise.race([pause, ...arrivals.map(arrival => arrival.catch(() => pause))])
    over.abort()
  }

  async #readOn(partition: number): Promise<void> {
    const { log, topic } = this.#o
    const part = this.#parts.get(partition) ?? {
      at: (await log.bounds(topic, partition)).start,
      open: new Map(),
    }
    for await (const { records, next } of batchesOf(log, topic, partition, part.at)) {
      await this.#reader.ready(records)
      for (const { key, value } of records) this.#takeIn(part.open, key.toString('latin1'), value)
      part.at = next
    }
    this.#parts.set(partition, part)
  }

  #takeIn(open: Part['open'], key: string, value: Buffer | null): void {
    if (value !== null && this.#reader.kindOf(value) !== ACTION_KIND) return
    const view = value === null ? null : approved(this.#reader.decode(value).value)
    if (view) open.set(key, view)
    else open.delete(key)
  }
}
