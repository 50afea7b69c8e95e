import type { RejectedRow } from '../../../plugins/contract.ts'
import { type Outcome, part } from '../../../plugins/http/index.ts'
import type { Json } from '../api/envelope.ts'
import { BadRow } from '../fields.ts'

export interface Rows<R> {
  readonly records: R[]
  readonly rejected: RejectedRow[]
}

/**
 * Records of what the platform gave; what it refused, and what cannot be read, is rejected with its reason.
 * @param origin where the rows are from: `campaigns of ad account 1`
 */
export function rowsOf<R>(
  outcomes: readonly Outcome<Json>[],
  origin: string,
  read: (row: Json) => R,
): Rows<R> {
  const { done, failed } = part(outcomes)
  const rows: Rows<R> = { records: [], rejected: [] }
  for (const { index, error } of failed)
    rows.rejected.push({ reason: error.message, origin: `${origin}, entry ${index + 1}`, bytes: null })
  for (const row of done) collect(rows, origin, row, read)
  return rows
}

/** Adds a row's record, or its rejection. */
export function collect<R>(rows: Rows<R>, origin: string, row: Json, read: (row: Json) => R): void {
  try {
    rows.records.push(read(row))
  } catch (error) {
    if (!(error instanceof BadRow)) throw error
    const id = typeof row.id === 'string' ? `, ${row.id}` : ''
    const bytes = Buffer.from(JSON.stringify(row))
    rows.rejected.push({ reason: error.message, origin: `${origin}${id}`, bytes })
  }
}
