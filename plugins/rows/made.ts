import type { RejectedRow } from '../../engine/source/port.ts'
import { redactEmails } from '../privacy/emails.ts'
import { REDACTED } from '../privacy/redacted.ts'
import { RowError } from './values.ts'

export interface MakingOptions<In> {
  /** Where a row is from, as a person would look for it: `deal 512`. */
  readonly origin: (row: In) => string
  /** Fields at whatever depth that hold what says who somebody is: not kept of a row that is rejected. */
  readonly personal?: readonly string[]
}

/** Rows made into records; those that cannot become one (`make` throws a RowError) are handed back with the reason. */
export function made<In, R>(
  rows: readonly In[],
  make: (row: In) => R,
  { origin, personal = [] }: MakingOptions<In>,
): { readonly records: R[]; readonly rejected: RejectedRow[] } {
  const records: R[] = []
  const rejected: RejectedRow[] = []
  for (const row of rows)
    try {
      records.push(make(row))
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      const where = origin(row)
      const bytes = Buffer.from(withoutPersons(row, personal))
      rejected.push({ reason: `${where}: ${error.message}`, origin: where, bytes })
    }
  return { records, rejected }
}

function withoutPersons(row: unknown, personal: readonly string[]): string {
  const whole = JSON.stringify(row, (name, value) =>
    personal.includes(name) && value !== null ? REDACTED : value,
  )
  return redactEmails(whole ?? 'null')
}
