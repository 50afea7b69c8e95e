import { hash } from 'node:crypto'
import { deterministicId } from '../codec/ids.ts'
import { type BaseRecord, defineKind, field, nullable } from '../codec/kind.ts'
import type { StoredRecord } from '../log/port.ts'
import { tenantOf } from '../log/tenant.ts'

/** One rejected record: why, where it came from, and its bytes (or where they lie, when they are large). */
export interface DeadLetter extends BaseRecord {
  /** The stage, connector or table that could not take it. */
  readonly stage: string
  readonly reason: string
  /** For a person: `spend.csv line 7`, or the topic, partition and offset. */
  readonly origin: string
  /** Where the record lies in the log; null for a row that its source could not make a record of. */
  readonly origin_topic: string | null
  readonly origin_partition: number | null
  readonly origin_offset: number | null
  /** Key of that record, so that it can be appended again when the log no longer has it. */
  readonly origin_key: Buffer | null
  /** null, too, where its bytes do not tell: a raw row, or one that cannot be decoded. */
  readonly origin_event_id: string | null
  /** Of a row refused at its source: the connection and stream it was read by. */
  readonly connection: string | null
  readonly stream: string | null
  /** Of a row a table refused: what the table was filled as then (`engine/sink/generations.ts`). */
  readonly generation: string | null
  readonly payload: Buffer | null
  /** Path below the data directory of a payload too large for the log. */
  readonly payload_ref: string | null
  readonly payload_bytes: number
  readonly payload_sha256: string | null
}

export const deadLetterKind = defineKind<DeadLetter>('dead_letter', [
  field('stage', 'string'),
  field('reason', 'string'),
  field('origin', 'string'),
  field('origin_topic', nullable('string')),
  field('origin_partition', nullable('int')),
  field('origin_offset', nullable('long')),
  field('origin_key', nullable('bytes')),
  field('origin_event_id', nullable('string')),
  field('connection', nullable('string')),
  field('stream', nullable('string')),
  field('generation', nullable('string')),
  field('payload', nullable('bytes')),
  field('payload_ref', nullable('string')),
  field('payload_bytes', 'long'),
  field('payload_sha256', nullable('string')),
])

export const sha256 = (bytes: Buffer): string => hash('sha256', bytes, 'hex')

export interface Refusal extends Pick<DeadLetter, 'stage' | 'reason'> {
  /** Event id of the record, where it has one (`EventIds`). */
  readonly eventId?: string | null
  readonly generation?: string | null
}

/** The letter of a record of the log. The same record refused by the same stage again is the same letter. */
export function letterOfRecord(
  record: StoredRecord,
  at: { readonly topic: string; readonly partition: number },
  { stage, reason, eventId = null, generation = null }: Refusal,
): DeadLetter {
  const origin = `${at.topic}/${at.partition}@${record.offset}`
  return {
    tenant_id: tenantOf(record.key),
    event_id: deterministicId(origin, stage),
    event_time: record.time,
    ingest_time: record.time,
    stage,
    reason,
    origin,
    origin_topic: at.topic,
    origin_partition: at.partition,
    origin_offset: record.offset,
    origin_key: record.key,
    origin_event_id: eventId,
    connection: null,
    stream: null,
    generation,
    payload: record.value,
    payload_ref: null,
    payload_bytes: record.value?.length ?? 0,
    payload_sha256: record.value && sha256(record.value),
  }
}
