import type { RejectedRow } from '../../../plugins/contract.ts'
import { PayloadError } from '../../../plugins/errors.ts'
import { redactEmails } from '../../../plugins/privacy/emails.ts'
import { type List, rowsIn } from '../api/paging.ts'
import { BadRow, type Json } from '../fields.ts'

export interface Rows<R> {
  readonly records: R[]
  readonly rejected: RejectedRow[]
}

/**
 * Records of a page; a row that cannot be read is rejected with its reason. `read` gives null for what is no record.
 * @param origin where the rows are from: `campaigns of ad account 1`
 * @throws payload: the answer has no list
 */
export function rowsOf<R>(body: List, origin: string, read: (row: Json) => R | null): Rows<R> {
  const list = rowsIn(body)
  if (list === null) {
    const bytes = Buffer.from(JSON.stringify(Object.keys(Object(body))))
    throw new PayloadError(`${origin}: the answer has no list 'data'`, { origin, bytes })
  }
  const rows: Rows<R> = { records: [], rejected: [] }
  for (const row of list)
    try {
      const record = read(row)
      if (record !== null) rows.records.push(record)
    } catch (error) {
      if (!(error instanceof BadRow)) throw error
      const id = ['id', 'ad_id', 'campaign_id']
        .map(field => row[field])
        .find(value => typeof value === 'string')
      const bytes = Buffer.from(redactEmails(JSON.stringify(row)))
      rows.rejected.push({
        reason: error.message,
        origin: `${origin}${id === undefined ? '' : `, ${id}`}`,
        bytes,
      })
    }
  return rows
}
