import {
  encodeOffsets,
  offsetsKey,
  type Position,
  stateEntryKey,
  storePrefix,
} from '../../../../../engine/log/kafka/state/entry.ts'
import type { EventLog, StoredRecord } from '../../../../../engine/log/port.ts'

export const STORE = 'a/t/0'
export const WRITER = 'group/0'

type Changes = Readonly<Record<string, string | null>>

/** The part of a log that a changelog needs, in memory: one partition, whose offsets have gaps where transactions end. */
export class MemoryChangelog implements Pick<EventLog, 'read' | 'bounds'> {
  #records: StoredRecord[] = []
  #start = 0
  #end = 0
  /** Which one of its name it is. */
  life = 'first'
  /** Records read so far. */
  seen = 0
  /** Ends the process that reads, once so many records have been read. */
  killAfter = Number.POSITIVE_INFINITY
  readonly #perRead: number

  constructor(perRead = 3) {
    this.#perRead = perRead
  }

  /** A transaction of a writer, as it stands in the partition. */
  commit(
    seq: number,
    changes: Changes,
    positions: readonly Position[] = [],
    writer = WRITER,
    store = STORE,
  ): void {
    const prefix = storePrefix(store)
    for (const [key, value] of Object.entries(changes))
      this.raw(stateEntryKey(prefix, Buffer.from(key)), value === null ? null : Buffer.from(value))
    this.raw(offsetsKey(writer), encodeOffsets({ seq, life: this.life, positions }))
    // Its marker.
    this.#end++
  }

  raw(key: Buffer, value: Buffer | null): void {
    this.#records.push({ offset: this.#end++, key, value, time: 0 })
  }

  /** Leaves the last record of each key, and of a tombstone nothing. */
  compact(): void {
    const last = new Map(this.#records.map(r => [r.key.toString('latin1'), r.offset]))
    this.#records = this.#records.filter(
      r => last.get(r.key.toString('latin1')) === r.offset && r.value !== null,
    )
  }

  /** Makes the topic anew, without anything. */
  clear(): void {
    this.#records = []
    this.#start = this.#end = 0
  }

  /** Drops what is before an offset. */
  dropTo(start: number): void {
    this.#records = this.#records.filter(r => r.offset >= start)
    this.#start = start
  }

  get end(): number {
    return this.#end
  }

  async bounds() {
    return { start: this.#start, end: this.#end }
  }

  async read(topic: string, partition: number, from: number) {
    if (from >= this.#end) return null
    if (this.seen >= this.killAfter) throw new Error('killed')
    const records = this.#records.filter(r => r.offset >= from).slice(0, this.#perRead)
    this.seen += records.length
    const last = records.at(-1)
    const rest = last && this.#records.some(r => r.offset > last.offset)
    return { topic, partition, records, next: rest ? last.offset + 1 : this.#end }
  }
}

/** What a cache holds of the store. */
export function contents(cache: { reader(store: string): ReturnType<EventLog['state']> }, store = STORE) {
  return Object.fromEntries(
    Array.from(cache.reader(store).range(Buffer.alloc(0), Buffer.from([0xff])), e => [
      e.key.toString(),
      e.value.toString(),
    ]),
  )
}
