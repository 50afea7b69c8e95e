import type { ReadBatch, RejectedRow, StreamContext } from '../../../plugins/contract.ts'
import { RetryableError } from '../../../plugins/errors.ts'
import type { EventRecord } from '../../../plugins/records/event.ts'
import { BadRow, redactRow } from '../bad-row.ts'
import { toEvent } from '../event.ts'
import { rowFromJson } from '../from-json.ts'
import { emptyRow } from '../row.ts'
import { type FileState, filesOf, type Ga4State, progressOf, resumeAt, stateOf } from '../state.ts'
import type { BigQuery, Table } from './client.ts'
import { objectOfRow } from './rows.ts'
import { type DaySpans, isWithin, spansOf } from './settled.ts'
import { type ExportTable, exportTables } from './tables.ts'

/** A daily table is rewritten for up to three days after its own. */
const REWRITTEN = 4

/** All events of all tables behind `state`, day by day; tables that may have been rewritten are looked at again. */
export async function* readTables(
  { state, signal, notice }: Pick<StreamContext<unknown, Ga4State>, 'state' | 'signal' | 'notice'>,
  client: BigQuery,
): AsyncGenerator<ReadBatch<EventRecord, Ga4State>, void, void> {
  const tables = exportTables(await client.tables())
  if (tables.length === 0) notice('the dataset holds no export tables (events_YYYYMMDD) yet')
  const progress = progressOf(
    state,
    tables.map(({ id }) => id),
  )
  const before = state?.settled ?? []
  // By what was there then, not by what is there now: rewritten days would be lost when nothing ran for some days.
  const knownTo = [...exportTables(Object.keys(filesOf(state))).map(t => t.day), before.at(-1)?.[1] ?? '']
    .sort()
    .at(-1)!
  const skipped = new Set(settledOf(tables, progress, before, knownTo))
  const keep = () => {
    const settled = settledOf(tables, progress, before, knownTo)
    // Of daily tables their days stand for an entry each. An intraday table may still become a daily one.
    const days = settled.filter(t => !t.isIntraday)
    const inSpans = new Set(days.map(({ id }) => id))
    const files = Object.entries(progress).filter(([id]) => !inSpans.has(id))
    return stateOf(Object.fromEntries(files), spansOf(days.map(({ day }) => day)))
  }
  for (const table of tables) if (!skipped.has(table)) yield* readTable(table, progress, keep, client, signal)
}

/** Tables that are read and will not be written again: all but the last few of those seen. */
function settledOf(
  tables: readonly ExportTable[],
  progress: Readonly<Record<string, FileState>>,
  before: DaySpans,
  knownTo: string,
): ExportTable[] {
  const seen = tables.findLastIndex(({ id, day }) => day <= knownTo || progress[id] !== undefined) + 1
  return tables
    .slice(0, Math.max(0, seen - REWRITTEN))
    .filter(({ id, day, isIntraday }) => progress[id]?.done || (!isIntraday && isWithin(before, day)))
}

async function* readTable(
  { id, isIntraday }: ExportTable,
  progress: Record<string, FileState>,
  keep: () => Ga4State,
  client: BigQuery,
  signal: AbortSignal,
): AsyncGenerator<ReadBatch<EventRecord, Ga4State>, void, void> {
  const table = await client.table(id)
  const { fingerprint } = table
  let at = resumeAt(progress, { name: id, fingerprint })
  if (at === null) return
  for (;;) {
    signal.throwIfAborted()
    const { rows, total } = await client.rows(id, at)
    const { records, rejected } = eventsOf(rows, table, at)
    at += rows.length
    if (rows.length === 0 && at < total)
      throw new RetryableError(`${id}: BigQuery gave no rows from ${at} on, of ${total}`)
    const done = at >= total
    // An intraday table grows all the time: the next run sees that it is another, and reads it again.
    if (!isIntraday && done && (await client.table(id)).fingerprint !== fingerprint)
      throw new RetryableError(`${id} was rewritten while it was read`)
    progress[id] = { fingerprint, rows: at, done }
    yield { records, rejected, state: keep() }
    if (done) return
  }
}

function eventsOf(rows: readonly unknown[], { id, fields }: Table, from: number) {
  const scratch = emptyRow()
  const records: EventRecord[] = []
  const rejected: RejectedRow[] = []
  for (const [i, row] of rows.entries())
    try {
      records.push(toEvent(rowFromJson(objectOfRow(row, fields), scratch)))
    } catch (error) {
      if (!(error instanceof BadRow)) throw error
      rejected.push({
        reason: error.message,
        origin: `${id} row ${from + i + 1}`,
        bytes: bytesOf(row, fields),
      })
    }
  return { records, rejected }
}

/** With its names where it has them: what is personal is found by them. */
function bytesOf(row: unknown, fields: Table['fields']): Buffer | null {
  try {
    return redactRow(Buffer.from(JSON.stringify(objectOfRow(row, fields))))
  } catch {
    return null
  }
}
