import { messageOf } from '../../engine/errors.ts'
import { isBadData } from './bad-data.ts'
import type { TextFormat } from './format.ts'
import { parseJson } from './json-text.ts'
import { JsonValues } from './json-values.ts'
import { Lines } from './lines.ts'
import type { FileEntry } from './listing.ts'
import type { RawRow } from './pieces.ts'
import { readText } from './text.ts'

/** One row of a JSON file: its value, or why it has none. `bytes` is the row as it lies in the file. */
export interface JsonRow {
  /** `events.ndjson line 7`. */
  readonly origin: string
  readonly bytes: Buffer
  readonly value: unknown
  readonly fault: string | null
}

export interface JsonBatch {
  readonly rows: readonly JsonRow[]
  /** Lines or rows read so far: what `from` takes to go on behind this batch. */
  readonly position: number
}

export interface RowOptions {
  readonly signal: AbortSignal
  /** Rows already read, to go on behind them. */
  readonly from?: number
  /** Rows a batch, at most. */
  readonly size?: number
  /** Bytes from which a row is too large to be one: its `fault` says so. */
  readonly rowLimit?: number
}

/** A batch ends early at this many bytes, so that batches of large rows stay small. */
const BATCH_BYTES = 8 * 1024 * 1024

/** The rows of a JSON or NDJSON file, plain or gzipped, in file order. A damaged row does not stop the next. */
export async function* readJsonRows(
  file: FileEntry,
  format: TextFormat,
  options: RowOptions,
): AsyncGenerator<JsonBatch, void, void> {
  const { signal, from = 0, size = 2000, rowLimit = 1024 * 1024 } = options
  const splitter = format.layout === 'lines' ? new Lines() : new JsonValues()
  let rows: JsonRow[] = []
  let bytes = 0
  let position = 0
  const toRow = (raw: RawRow, fault: string | null): JsonRow => {
    const origin = `${file.name} ${splitter.unit} ${position}`
    return parsed(raw, origin, fault, rowLimit)
  }
  let ending: string | null = null
  try {
    for await (const chunk of readText(file, signal)) {
      for (const raw of splitter.push(chunk)) {
        if (++position <= from || raw === null) continue
        rows.push(toRow(raw, null))
        bytes += raw.bytes.length
        if (rows.length < size && bytes < BATCH_BYTES) continue
        yield { rows, position }
        rows = []
        bytes = 0
      }
    }
  } catch (error) {
    if (!isBadData(error)) throw error
    ending = messageOf(error)
  }
  const end = splitter.end()
  ending ??= end.fault
  if (end.row || ending) position++
  if (position > from) {
    if (ending)
      rows.push(toRow(end.row ?? { bytes: Buffer.alloc(0), length: 0 }, after(ending, position - 1)))
    else if (end.row) rows.push(lastRow(toRow(end.row, null)))
  }
  if (rows.length > 0) yield { rows, position }

  function after(fault: string, count: number): string {
    return `${fault}; ${count} ${splitter.unit}${count === 1 ? '' : 's'} read before`
  }
}

function parsed(raw: RawRow, origin: string, fault: string | null, limit: number): JsonRow {
  const { bytes, length } = raw
  if (fault !== null) return { origin, bytes, value: null, fault }
  if (length > limit) {
    const kept = bytes.length < length ? `; its first ${bytes.length} bytes are kept` : ''
    return { origin, bytes, value: null, fault: `${length} bytes, more than the limit of ${limit}${kept}` }
  }
  try {
    return { origin, bytes, value: parseJson(bytes), fault: null }
  } catch (error) {
    return { origin, bytes, value: null, fault: messageOf(error) }
  }
}

/** A last line without a line break is as good as any other; if it cannot be read it was cut off. */
function lastRow(row: JsonRow): JsonRow {
  return row.fault?.startsWith('not valid') ? { ...row, fault: `truncated last line: ${row.fault}` } : row
}
