import type { RejectedRow } from '../../plugins/contract.ts'
import type { TextFormat } from '../../plugins/files/format.ts'
import { type JsonRow, readJsonRows } from '../../plugins/files/json-rows.ts'
import type { FileEntry } from '../../plugins/files/listing.ts'
import type { EventRecord } from '../../plugins/records/event.ts'
import { BadRow, redactRow } from './bad-row.ts'
import { toEvent } from './event.ts'
import { rowFromJson } from './from-json.ts'
import { emptyRow } from './row.ts'

/** What one piece of a file gives. `rows` is what to skip to go on behind it. */
export interface FileBatch {
  readonly records: readonly EventRecord[]
  readonly rejected: readonly RejectedRow[]
  readonly rows: number
}

export async function* readTextFile(
  file: FileEntry,
  format: TextFormat,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<FileBatch, void, void> {
  const scratch = emptyRow()
  for await (const { rows, position } of readJsonRows(file, format, { signal, from })) {
    const records: EventRecord[] = []
    const rejected: RejectedRow[] = []
    for (const row of rows) {
      if (row.fault !== null) {
        rejected.push(reject(row, row.fault))
        continue
      }
      try {
        records.push(toEvent(rowFromJson(row.value, scratch)))
      } catch (error) {
        if (!(error instanceof BadRow)) throw error
        rejected.push(reject(row, error.message))
      }
    }
    yield { records, rejected, rows: position }
  }
}

const reject = (row: JsonRow, reason: string): RejectedRow => ({
  reason,
  origin: row.origin,
  bytes: redactRow(row.bytes),
})
