import { EventEmitter, once } from 'node:events'
import { StratumError } from '../../errors.ts'
import type {
  Bounds,
  CleanReport,
  EventLog,
  LogWriter,
  ReadLimit,
  RecordBatch,
  StateReader,
  StoredRecord,
  TopicSpec,
} from '../port.ts'
import { Cells } from './cells.ts'
import { cleanTopic } from './clean.ts'
import { type Durability, type LogEnv, openEnv } from './env.ts'
import { decodeFrame } from './frame.ts'
import { frameKey, frameKeyEnd, offsetOfFrameKey, stateKey } from './keys.ts'
import { lastKey } from './last.ts'
import { LmdbWriter } from './writer.ts'

const DEFAULT_READ = { maxBytes: 1 << 20, maxRecords: 5_000 }

/** The event log in one LMDB file: the embedded twin of Kafka. One process owns it (`engine/owner`). */
export class LmdbLog implements EventLog {
  readonly #env: LogEnv
  readonly #cells: Cells
  readonly #arrivals = new EventEmitter().setMaxListeners(0)

  constructor(dir: string, options: { durability?: Durability; readOnly?: boolean } = {}) {
    this.#env = openEnv(dir, {
      durability: options.durability ?? 'process',
      readOnly: options.readOnly ?? false,
    })
    this.#cells = new Cells(this.#env)
  }

  async ensureTopic(spec: TopicSpec): Promise<void> {
    this.#cells.create(spec)
  }

  async topics(): Promise<readonly TopicSpec[]> {
    return this.#cells.specs()
  }

  async bounds(topic: string, partition: number): Promise<Bounds> {
    const { id } = this.#cells.partition(topic, partition)
    return { start: this.#cells.bound('start', id, partition), end: this.#cells.bound('end', id, partition) }
  }

  async read(
    topic: string,
    partition: number,
    from: number,
    limit: ReadLimit = {},
  ): Promise<RecordBatch | null> {
    const { start, end } = await this.bounds(topic, partition)
    // Negated, so that NaN is refused, too.
    if (!(from >= start && from <= end))
      throw new StratumError(
        'OFFSET_OUT_OF_RANGE',
        `${topic}/${partition}: offset ${from} is gone, the partition holds ${start} to ${end}. The reader fell behind the retention: raise it, or start the reader again from ${start} knowing what it missed.`,
      )
    if (from === end) return null
    const { maxBytes, maxRecords } = { ...DEFAULT_READ, ...limit }
    const { id } = this.#cells.topic(topic)
    const records: StoredRecord[] = []
    let bytes = 0
    for (const { key, value } of this.#env.frames.getRange({
      start: this.#frameAt(id, partition, from),
      end: frameKeyEnd(id, partition),
    })) {
      const found = decodeFrame(value, from, `${topic}/${partition} at ${offsetOfFrameKey(key)}`)
      // The frame before a gap of compaction may end before `from`: what was asked for is in the next one.
      if (found.length === 0) continue
      for (const record of found) records.push(record)
      bytes += value.length
      if (bytes >= maxBytes || records.length >= maxRecords) break
    }
    if (records.length === 0) return { topic, partition, records, next: end }
    if (records.length > maxRecords) records.length = maxRecords
    return { topic, partition, records, next: records[records.length - 1]!.offset + 1 }
  }

  /** Key of the frame that may hold `from`: the last one that begins at or before it. */
  #frameAt(id: number, partition: number, from: number): Buffer {
    const floor = frameKey(id, partition, 0)
    const back = this.#env.frames.getKeys({
      start: frameKey(id, partition, from),
      end: floor,
      reverse: true,
      limit: 1,
    })
    for (const key of back) if (key.compare(floor) >= 0) return key
    return floor
  }

  async wait(topic: string, partition: number, from: number, signal: AbortSignal): Promise<void> {
    const { id } = this.#cells.partition(topic, partition)
    if (signal.aborted || this.#cells.bound('end', id, partition) > from) return
    await once(this.#arrivals, `${topic}/${partition}`, { signal }).catch(error => {
      if (!signal.aborted) throw error
    })
  }

  async writer(group: string): Promise<LogWriter> {
    return new LmdbWriter(group, this.#cells.raiseEpoch(group), this.#env, this.#cells, (topic, partition) =>
      this.#arrivals.emit(`${topic}/${partition}`),
    )
  }

  async position(group: string, topic: string, partition: number): Promise<number | null> {
    return this.#cells.position(group, topic, partition)
  }

  state(store: string): StateReader {
    const id = () => this.#cells.store(store, false)
    const { state } = this.#env
    return {
      get: key => (id() === undefined ? undefined : state.getBinary(stateKey(id()!, key))),
      has: key => id() !== undefined && state.doesExist(stateKey(id()!, key)),
      *range(from, to) {
        const store = id()
        if (store === undefined) return
        for (const { key, value } of state.getRange({
          start: stateKey(store, from),
          end: stateKey(store, to),
        }))
          yield { key: key.subarray(4), value }
      },
      last: (from, to) => {
        const store = id()
        return store === undefined ? undefined : lastKey(state, stateKey(store, from), stateKey(store, to))
      },
    }
  }

  async clean(now: number): Promise<CleanReport> {
    let droppedRecords = 0
    let compactedRecords = 0
    for (const spec of this.#cells.specs())
      for (let p = 0; p < spec.partitions; p++) {
        const report = cleanTopic(this.#env, this.#cells, spec, p, now)
        droppedRecords += report.droppedRecords
        compactedRecords += report.compactedRecords
      }
    return { droppedRecords, compactedRecords }
  }

  /** A reader beside the owner sees at once what has been committed by now. */
  refresh(): void {
    this.#env.root.resetReadTxn()
  }

  async close(): Promise<void> {
    this.#env.closed = true
    await this.#env.root.close()
  }
}
