/**
 * The event log: partitioned, keyed, append-only. One port, two implementations (LMDB in process, Apache Kafka),
 * one contract suite (`test/contract/event-log.ts`).
 *
 * Times are UTC microseconds. Offsets grow within a partition and may have gaps (compaction, and on Kafka
 * transaction markers), so nothing may ever be computed from their differences.
 */

/** What a writer hands in. `time` is the ingest time (retention goes by it), never the event's own. */
export interface LogRecord {
  /** Begins with the tenant (`tenantOf`). */
  readonly key: Buffer
  /** null is a tombstone: on a compacted topic it removes the key. */
  readonly value: Buffer | null
  readonly time: number
  /** Rare extras (`only`: whom a replayed record is for; `by`: which fold wrote a copy). Most records have none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface StoredRecord extends LogRecord {
  readonly offset: number
}

/** A run of records of one partition, in order. `next` is the position after it (gaps included). */
export interface RecordBatch {
  readonly topic: string
  readonly partition: number
  readonly records: readonly StoredRecord[]
  readonly next: number
}

export interface TopicSpec {
  readonly name: string
  readonly partitions: number
  /** `delete`: dropped by age or size. `compact`: the last record of each key is kept for ever. */
  readonly cleanup: 'delete' | 'compact'
  /** Partitions may be added later (its records are not placed by key). */
  readonly growable?: boolean | undefined
  readonly retentionMs?: number | undefined
  readonly retentionBytes?: number | undefined
}

export interface Bounds {
  /** First offset still there. */
  readonly start: number
  /** Offset the next record will get. */
  readonly end: number
}

/** No longer key of state can be stored. */
export const MAX_STATE_KEY_BYTES = 1_900

/** One change of keyed state. `value` null deletes. */
export interface StateChange {
  readonly key: Buffer
  readonly value: Buffer | null
}

/** What becomes visible together, or not at all. */
export interface CommitUnit {
  readonly appends?: readonly { topic: string; partition: number; records: readonly LogRecord[] }[]
  /** State of one task partition; `deleteRanges` are [from, to) and apply before `changes`. */
  readonly state?: readonly {
    store: string
    changes: readonly StateChange[]
    deleteRanges?: readonly (readonly [Buffer, Buffer])[]
  }[]
  readonly positions?: readonly { group: string; topic: string; partition: number; next: number }[]
}

/** Committed state of one task partition, read synchronously (an LMDB file in both implementations). */
export interface StateReader {
  get(key: Buffer): Buffer | undefined
  has(key: Buffer): boolean
  /** Keys and values in byte order, from inclusive to exclusive. */
  range(from: Buffer, to: Buffer): Iterable<{ key: Buffer; value: Buffer }>
  /** The last key in [from, to). */
  last(from: Buffer, to: Buffer): Buffer | undefined
}

/**
 * The only way to write. Opening a writer for a group fences every earlier writer of that group:
 * its next commit fails with WRITER_FENCED and changes nothing.
 */
export interface LogWriter {
  readonly group: string
  /** How many commits may be on their way at once (1); they take effect in the order in which they were asked for. */
  readonly window?: number
  /**
   * Atomic. Rejects with STORE_UNAVAILABLE when it may be tried again (nothing was written; a writer with a window
   * waits itself, since what is behind may not go first), with WRITER_FENCED when a newer writer has the group
   * (nothing was written), and with WRITER_LOST when it is not known whether it was written: a writer that takes the
   * group over finds that settled, one way or the other. Either ends this writer. Another code tells what would end
   * the same again: TOPIC_UNKNOWN, RECORD_INVALID (a key of state is too long, a record larger than the log takes),
   * LOG_CLOSED.
   *
   * `before`: what the sender's last call gave, where it may still be on its way. This is refused, too, if that is.
   */
  commit(unit: CommitUnit, before?: Promise<void>): Promise<void>
  close(): Promise<void>
}

export interface EventLog {
  /** Creates the topic, or compares it with what is there: TOPIC_MISMATCH names the difference. */
  ensureTopic(spec: TopicSpec): Promise<void>
  topics(): Promise<readonly TopicSpec[]>
  bounds(topic: string, partition: number): Promise<Bounds>
  /**
   * Committed records from `from` on, at least one where there is one; null at the end of the partition.
   * A `from` before the start or past the end is OFFSET_OUT_OF_RANGE: never a silent reset.
   */
  read(topic: string, partition: number, from: number, limit?: ReadLimit): Promise<RecordBatch | null>
  /** Resolves when there may be something at or after `from`, or when the signal aborts. */
  wait(topic: string, partition: number, from: number, signal: AbortSignal): Promise<void>
  writer(group: string): Promise<LogWriter>
  /** The position a group has committed, or null when it never did. */
  position(group: string, topic: string, partition: number): Promise<number | null>
  state(store: string): StateReader
  /** Drops what is past its retention, never what a named position still needs; compacts compacted topics. */
  clean(now: number): Promise<CleanReport>
  close(): Promise<void>
}

export interface ReadLimit {
  readonly maxBytes?: number
  readonly maxRecords?: number
  /** Gives up waiting for a log that is away: rejects with its reason. */
  readonly signal?: AbortSignal
}

export interface CleanReport {
  readonly droppedRecords: number
  readonly compactedRecords: number
}
