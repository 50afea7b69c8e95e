import { currentView, type TableSpec } from '../../engine/sink/table.ts'
import type { JsonSchema } from '../../engine/source/port.ts'
import { columnsOf } from './columns.ts'

/** The table of what is said of one kind of thing, every revision a row; `NAME_current` is its view. */
export interface CurrentTable extends Pick<TableSpec, 'name' | 'comment' | 'from' | 'time' | 'orderBy'> {
  readonly record: JsonSchema
  /** Fields that the table does without. */
  readonly leaveOut?: readonly string[]
  /** Which thing a row is about: what the view keeps one row of. */
  readonly key: readonly string[]
}

export function currentTable({ record, leaveOut = [], key, ...table }: CurrentTable): TableSpec {
  const columns = columnsOf(record, leaveOut)
  return { ...table, version: 1, columns, views: [currentView(table.name, columns, key)] }
}
