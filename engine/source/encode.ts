import type { Clock } from '../clock/clock.ts'
import type { LogRecord } from '../log/port.ts'
import type { ReadContext, RejectedRow, Source, SourceBatch, StreamSpec } from './port.ts'
import type { RawEncoder } from './raw.ts'

/** No record larger than this enters the log; what is larger is a dead letter with a reference to its bytes. */
const MAX_RECORD_BYTES = 1 << 20

/** A batch of a stream as it enters the log. */
export interface EncodedBatch {
  readonly records: readonly LogRecord[]
  /** Rows that did not become records: what the connector refused, then what its schema did. */
  readonly rejected: readonly RejectedRow[]
  /** Rows of the batch, rejected ones too. */
  readonly read: number
  readonly state: unknown
  /** When it was read: ingest time of its records. UTC microseconds. */
  readonly time: number
}

/** Reads a stream and makes log records of its rows. */
export async function* encodedBatches(
  source: Source,
  stream: StreamSpec,
  encoder: RawEncoder,
  context: ReadContext,
  clock: Clock,
): AsyncGenerator<EncodedBatch, void, void> {
  for await (const batch of source.read(stream.name, context))
    yield encodedBatch(stream, encoder, batch, clock())
}

/** @param time when it was read; UTC microseconds */
export function encodedBatch(
  stream: StreamSpec,
  encoder: RawEncoder,
  batch: SourceBatch,
  time: number,
): EncodedBatch {
  const records: LogRecord[] = []
  const rejected: RejectedRow[] = [...(batch.rejected ?? [])]
  for (const row of batch.records) {
    const made = encoder.encode(row, time)
    if ('refused' in made)
      rejected.push({
        reason: made.refused,
        origin: `${stream.name} record`,
        bytes: encoder.shown(row),
      })
    else if (made.value!.length > MAX_RECORD_BYTES)
      rejected.push({
        reason: `${stream.name}: the record is larger than ${MAX_RECORD_BYTES} bytes`,
        origin: `${stream.name} ${encoder.nameOf(row)}`,
        bytes: made.value,
      })
    else records.push(made)
  }
  const read = batch.records.length + (batch.rejected?.length ?? 0)
  return { records, rejected, read, state: batch.state, time }
}
