import type { Reader } from '../codec/codec.ts'
import type { StoredRecord } from '../log/port.ts'
import type { TableSpec } from './table.ts'

/** What a record of its topic is to a table: one of its rows, bytes nobody can read, or none of its business. */
export type Role = 'row' | 'unreadable' | 'other'

/**
 * The one rule of which records fill a table. `replaced`: offsets of records that were refused once and have been
 * replayed since, so that their replay is the row and they are not (they are met again when a table is refilled).
 */
export function roleOf(
  table: TableSpec,
  reader: Reader,
  record: StoredRecord,
  replaced: ReadonlySet<number>,
): Role {
  if (record.value === null || (record.headers?.only ?? table.name) !== table.name) return 'other'
  if (replaced.has(record.offset)) return 'other'
  try {
    return reader.kindOf(record.value) === table.from.kind ? 'row' : 'other'
  } catch {
    return 'unreadable'
  }
}
