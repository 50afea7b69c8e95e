import { hash } from 'node:crypto'
import { type BaseRecord, defineKind, field, nullable } from '../codec/kind.ts'

/** One rejected record: why, where it came from, and its bytes (or where they lie, when they are large). */
export interface DeadLetter extends BaseRecord {
  /** The stage, connector or table that could not take it. */
  readonly stage: string
  readonly reason: string
  /** For a person: `spend.csv line 7`, or the topic, partition and offset. */
  readonly origin: string
  readonly origin_topic: string | null
  readonly origin_partition: number | null
  readonly origin_offset: number | null
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
  field('payload', nullable('bytes')),
  field('payload_ref', nullable('string')),
  field('payload_bytes', 'long'),
  field('payload_sha256', nullable('string')),
])

export const sha256 = (bytes: Buffer): string => hash('sha256', bytes, 'hex')
