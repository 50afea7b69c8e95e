import type { RejectedRow } from '../../plugins/contract.ts'
import { PayloadError } from '../../plugins/errors.ts'
import { UnreadableColumn } from '../../plugins/files/columns/from-arrow.ts'
import type { FileEntry } from '../../plugins/files/listing.ts'
import type { ColumnBatch, ParquetDecoder } from '../../plugins/files/parquet/decoder.ts'
import { leavesOf } from '../../plugins/files/parquet/leaves.ts'
import type { EventRecord } from '../../plugins/records/event.ts'
import { BadRow, redactRow } from './bad-row.ts'
import { toEvent } from './event.ts'
import { fillFrom } from './from-columns.ts'
import { itemLeaves } from './items.ts'
import { emptyRow, REQUIRED, REVENUE_USD, TEXT_FIELDS } from './row.ts'
import type { FileBatch } from './text-file.ts'

const WANTED = [...REQUIRED, 'event_params', REVENUE_USD, ...Object.values(TEXT_FIELDS)]

/** Rows a batch; four of them are decoded at a time. */
const SIZE = 2000

export async function* readParquetFile(
  decoder: ParquetDecoder,
  file: FileEntry,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<FileBatch, void, void> {
  const parquet = await decoder.open(file, signal)
  const columns = [...leavesOf(parquet.schema, WANTED), ...itemLeaves(parquet.schema)]
  const missing = REQUIRED.filter(name => !columns.includes(name))
  if (missing.length > 0)
    throw new PayloadError(`column ${missing.join(', ')} is missing`, { origin: file.name })
  try {
    for await (const batch of parquet.read(columns, from, SIZE * 4)) yield* eventsOf(batch, file.name)
  } catch (error) {
    if (!(error instanceof UnreadableColumn || error instanceof BadRow)) throw error
    throw new PayloadError(error.message, { origin: file.name, cause: error })
  }
}

function* eventsOf({ columns, skip, first }: ColumnBatch, name: string): Generator<FileBatch, void, void> {
  const row = emptyRow()
  const fill = fillFrom(columns, row)
  for (let start = skip; start < columns.length; start += SIZE) {
    const end = Math.min(start + SIZE, columns.length)
    const records: EventRecord[] = []
    const rejected: RejectedRow[] = []
    for (let i = start; i < end; i++) {
      try {
        fill(i)
        records.push(toEvent(row))
      } catch (error) {
        if (!(error instanceof BadRow)) throw error
        const bytes = redactRow(Buffer.from(JSON.stringify(columns.row(i))))
        rejected.push({ reason: error.message, origin: `${name} row ${first + i + 1}`, bytes })
      }
    }
    yield { records, rejected, rows: first + end }
  }
}
