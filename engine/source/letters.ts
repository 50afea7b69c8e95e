import type { Codec } from '../codec/codec.ts'
import { deterministicId } from '../codec/ids.ts'
import { storePayload } from '../deadletter/blobs.ts'
import { type DeadLetter, deadLetterKind } from '../deadletter/dead-letter.ts'
import type { LogRecord } from '../log/port.ts'
import { KEY_SEPARATOR } from '../log/tenant.ts'
import { CONNECT, DEAD_LETTERS, type Layout, topicName } from '../stage/layout.ts'
import type { RejectedRow } from './port.ts'

export interface LettersOf {
  readonly tenant: string
  readonly source: string
  readonly connection: string
  readonly stream: string
  readonly rejected: readonly RejectedRow[]
  /** UTC microseconds. */
  readonly time: number
  /** The raw topic and partition that the rows were meant for. */
  readonly topic: string
  readonly partition: number
  readonly codec: Codec
  readonly layout: Layout
  readonly dataDir: string
}

interface Appended {
  readonly topic: string
  readonly partition: number
  readonly records: readonly LogRecord[]
}

/** Rows that cannot become records, as dead letters. */
export function lettersOf(o: LettersOf): Appended {
  const { tenant, source, connection, stream, rejected, time, codec, layout, dataDir } = o
  const partition = layout.route(`${CONNECT}:${o.topic}`, o.partition, DEAD_LETTERS, tenant)
  const records = rejected.map(row => {
    const stored = storePayload(dataDir, row.bytes)
    const letter: DeadLetter = {
      tenant_id: tenant,
      // The same bad row read again is the same dead letter.
      event_id: deterministicId(connection, stream, row.origin, row.reason, stored.payload_sha256),
      event_time: time,
      ingest_time: time,
      stage: source,
      reason: row.reason,
      origin: row.origin,
      origin_topic: null,
      origin_partition: null,
      origin_offset: null,
      origin_key: null,
      origin_event_id: null,
      connection,
      stream,
      generation: null,
      ...stored,
    }
    return {
      key: Buffer.from(`${tenant}${KEY_SEPARATOR}${letter.event_id}`),
      value: codec.encode(deadLetterKind, letter),
      time,
    }
  })
  return { topic: topicName(DEAD_LETTERS), partition, records }
}
