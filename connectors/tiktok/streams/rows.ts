import type { RejectedRow } from '../../../plugins/contract.ts'
import { isObject, type Json } from '../api/envelope.ts'
import { BadRow } from '../fields.ts'

export interface Rows<R> {
  readonly records: R[]
  readonly rejected: RejectedRow[]
}

/**
 * Rows made into records; what cannot be one is rejected, with the reason and the row as it came.
 * @param origin where they are from: `ad/get/ of advertiser 123, page 4`
 */
export function made<R>(rows: readonly unknown[], origin: string, make: (row: Json) => R): Rows<R> {
  const records: R[] = []
  const rejected: RejectedRow[] = []
  for (const [i, row] of rows.entries())
    try {
      if (!isObject(row)) throw new BadRow('the row is no object')
      records.push(make(row))
    } catch (error) {
      if (!(error instanceof BadRow)) throw error
      const bytes = Buffer.from(JSON.stringify(row) ?? '')
      rejected.push({ reason: error.message, origin: `${origin}, row ${i + 1}`, bytes })
    }
  return { records, rejected }
}
