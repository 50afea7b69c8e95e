import { RowError } from '../../../plugins/rows/index.ts'
import type { DaySlice } from '../../../plugins/sync/index.ts'
import type { Json } from '../api/exact-json.ts'
import { needed } from '../fields.ts'

/** `segments.date`, in the account's zone. @throws RowError: no day that was asked for */
export function dateOf(row: Json, { from, to }: DaySlice): string {
  const date = needed(row, 'segments.date')
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || date < from || date > to)
    throw new RowError(`segments.date: '${date.slice(0, 20)}' was not asked for (${from} to ${to})`)
  return date
}
