import type { SourceContext } from '../../engine/source/context.ts'
import type { RejectedRow, Source, SourceBatch } from '../../engine/source/port.ts'

/** What a stream gave, read to its end. States are as they come back from where they are kept. */
export interface Reading {
  readonly records: readonly Readonly<Record<string, unknown>>[]
  readonly rejected: readonly RejectedRow[]
  readonly batches: readonly SourceBatch[]
  readonly states: readonly unknown[]
  /** Records up to and with each state. */
  readonly counts: readonly number[]
  /** The last state; where there was no batch, the one it began with. */
  readonly state: unknown
}

/** Reads a stream from a state on (null: the beginning). */
export async function readThrough(
  source: Pick<Source, 'read'>,
  stream: string,
  context: SourceContext,
  state: unknown = null,
): Promise<Reading> {
  const batches: SourceBatch[] = []
  for await (const batch of source.read(stream, { ...context, state }))
    batches.push({ ...batch, state: JSON.parse(JSON.stringify(batch.state)) })
  let count = 0
  return {
    records: batches.flatMap(batch => batch.records),
    rejected: batches.flatMap(batch => batch.rejected ?? []),
    batches,
    states: batches.map(batch => batch.state),
    counts: batches.map(batch => {
      count += batch.records.length
      return count
    }),
    state: batches.at(-1)?.state ?? state,
  }
}
