import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type {
  CommitUnit,
  EventLog,
  LogRecord,
  LogWriter,
  ReadLimit,
  StoredRecord,
  TopicSpec,
} from '../../../engine/log/port.ts'

export type { Test }

/** A log on storage of its own. */
export interface Stored {
  readonly log: EventLog
  /** Closes the log and opens it again on what it stored. */
  reopen(): Promise<EventLog>
}

/** An implementation of the port, and what the port leaves it free to do. */
export interface Subject {
  /** A log on empty storage, closed and gone when the test is over. */
  fresh(test: Test): Promise<Stored>
  /** Offsets have no gaps but those of compaction. (On Kafka transaction markers take offsets.) */
  readonly dense: boolean
  /** `clean` has done its work when it resolves. (A broker cleans when it likes.) */
  readonly cleansAtOnce: boolean
  /** Sequences the model is tried with; less where an operation takes long. */
  readonly runs?: number
}

/** A name that no other test has used, since a log outside the process may outlive one. */
export const unique = (name: string): string => `${name}-${randomBytes(4).toString('hex')}`

export async function topicOn(log: EventLog, spec: Partial<TopicSpec> = {}): Promise<string> {
  const name = spec.name ?? unique('topic')
  await log.ensureTopic({ partitions: 1, cleanup: 'delete', ...spec, name })
  return name
}

export const bytes = (text: string): Buffer => Buffer.from(text)

export const record = (
  key: string,
  value: string | Buffer | null,
  more: Partial<LogRecord> = {},
): LogRecord => ({
  key: bytes(key),
  value: typeof value === 'string' ? bytes(value) : value,
  time: 1_768_478_400_000_000,
  ...more,
})

export const append = (
  writer: LogWriter,
  topic: string,
  records: readonly LogRecord[],
  partition = 0,
  also: Omit<CommitUnit, 'appends'> = {},
): Promise<void> => writer.commit({ ...also, appends: [{ topic, partition, records }] })

/** Everything from an offset to the end, however many reads it takes. */
export async function readAll(
  log: EventLog,
  topic: string,
  partition = 0,
  from?: number,
  limit?: ReadLimit,
): Promise<StoredRecord[]> {
  const all: StoredRecord[] = []
  let at = from ?? (await log.bounds(topic, partition)).start
  for (;;) {
    const batch = await log.read(topic, partition, at, limit)
    if (batch === null) return all
    if (batch.topic !== topic || batch.partition !== partition || batch.next <= at)
      throw new Error(
        `a read of ${topic}/${partition} from ${at} gave ${batch.topic}/${batch.partition} up to ${batch.next}`,
      )
    all.push(...batch.records)
    at = batch.next
  }
}

/** A record as a value that can be compared; its offset where that counts. */
export const plain = (r: LogRecord) => ({
  key: r.key.toString('hex'),
  value: r.value === null ? null : r.value.toString('hex'),
  time: r.time,
  headers: { ...r.headers },
})

export const keys = (records: readonly LogRecord[]): string[] => records.map(r => r.key.toString())

export const pairs = (records: readonly LogRecord[]): [string, string | null][] =>
  records.map(r => [r.key.toString(), r.value === null ? null : r.value.toString()])
