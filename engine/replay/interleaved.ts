import type { LmdbLog } from '../log/lmdb/log.ts'
import type { LogRecord, RecordBatch, StoredRecord } from '../log/port.ts'

/** Ways in which what has come so far may be divided among the folds; more than these are not followed. */
const WAYS = 256

/**
 * What several folds wrote to one partition, each in its order, and how far into each of them the records of the log
 * have led. Where two folds wrote the same bytes and no header says whose they are, both ways are followed.
 */
export class Interleaved {
  readonly #queues: readonly Queue[]
  /** Records taken from each queue. */
  #ways: number[][]

  constructor(queues: readonly Queue[]) {
    this.#queues = queues
    this.#ways = [queues.map(() => 0)]
  }

  /** Whether one of them wrote this next; if so it is taken. */
  async take(record: StoredRecord): Promise<boolean> {
    const [only] = this.#ways
    if (this.#ways.length === 1) {
      const found = await this.#matching(only!, record)
      if (found.length === 0) return false
      if (found.length === 1) {
        const at = found[0]!
        only![at]!++
        this.#queues[at]!.forget(only![at]!)
        return true
      }
    }
    const next = new Map<string, number[]>()
    for (const way of this.#ways)
      for (const at of await this.#matching(way, record)) {
        const further = way.with(at, way[at]! + 1)
        if (next.size < WAYS) next.set(further.join(), further)
      }
    if (next.size === 0) return false
    this.#ways = [...next.values()]
    for (const [i, queue] of this.#queues.entries()) queue.forget(Math.min(...this.#ways.map(way => way[i]!)))
    return true
  }

  async #matching(way: readonly number[], record: StoredRecord): Promise<number[]> {
    const found: number[] = []
    for (let i = 0; i < way.length; i++) {
      const queue = this.#queues[i]!
      const ahead = queue.has(way[i]!) ? queue.at(way[i]!) : await queue.reach(way[i]!)
      if (ahead && same(ahead, record)) found.push(i)
    }
    return found
  }

  /** Whether all of one of them has come. */
  async oneEnded(): Promise<boolean> {
    for (const way of this.#ways)
      for (const [i, at] of way.entries()) if ((await this.#queues[i]!.reach(at)) === undefined) return true
    return false
  }

  /** What was to come instead of a record: of the same key, else of anybody; null when all has come. */
  async expected(record: LogRecord | null): Promise<LogRecord | null> {
    let found: LogRecord | null = null
    for (const way of this.#ways) {
      const ahead = await Promise.all(way.map((at, i) => this.#queues[i]!.reach(at)))
      const left = ahead.filter(r => r !== undefined)
      // One way in which all has come is enough.
      if (left.length === 0) return null
      found ??= (record && left.find(r => r.key.equals(record.key))) || left[0]!
    }
    return found
  }
}

/** A partition of the scratch log, looked at from wherever one of the ways has come to. */
export class Queue {
  readonly #log: LmdbLog
  readonly #topic: string
  readonly #partition: number
  #records: StoredRecord[] = []
  /** Number of the first one in memory. */
  #first = 0
  #next = 0

  constructor(log: LmdbLog, topic: string, partition: number) {
    this.#log = log
    this.#topic = topic
    this.#partition = partition
  }

  has(i: number): boolean {
    return i - this.#first < this.#records.length
  }

  at(i: number): StoredRecord {
    return this.#records[i - this.#first]!
  }

  /** Reads on to it; undefined past the end. */
  async reach(i: number): Promise<StoredRecord | undefined> {
    while (!this.has(i)) {
      const batch: RecordBatch | null = await this.#log.read(this.#topic, this.#partition, this.#next)
      if (!batch) return undefined
      this.#next = batch.next
      this.#records = this.#records.concat(batch.records)
    }
    return this.at(i)
  }

  /** Nobody asks for what is before it any more. */
  forget(before: number): void {
    // Only when it pays: it is told of every record.
    if (before - this.#first < 5_000 && before - this.#first < this.#records.length) return
    this.#records = this.#records.slice(before - this.#first)
    this.#first = before
  }
}

/** Key, value and ingest time; Kafka keeps milliseconds. And who wrote it, where both say it. */
export const same = (a: LogRecord, b: LogRecord): boolean =>
  a.key.equals(b.key) &&
  (a.headers?.by === b.headers?.by || a.headers?.by === undefined || b.headers?.by === undefined) &&
  (a.value === null || b.value === null ? a.value === b.value : a.value.equals(b.value)) &&
  Math.floor(a.time / 1000) === Math.floor(b.time / 1000)
