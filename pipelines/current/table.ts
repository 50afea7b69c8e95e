import { type ColumnSpec, currentView, type TableSpec, type ViewSpec } from '../../engine/sink/table.ts'
import type { JsonSchema } from '../../engine/source/port.ts'
import { columnsOf } from './columns.ts'

/** The table of what is said of one kind of thing, every revision a row; `NAME_current` is its view. */
export interface CurrentTable extends Pick<TableSpec, 'name' | 'comment' | 'from' | 'time' | 'orderBy'> {
  readonly record: JsonSchema
  /** Fields that the table does without. */
  readonly leaveOut?: readonly string[]
  /** Which thing a row is about: what the view keeps one row of. */
  readonly key: readonly string[]
  /** Columns of the whole that a row is a part of, and when it was said: the view has what was said last of each. */
  readonly whole?: { readonly by: readonly string[]; readonly asOf: string }
}

export function currentTable({ record, leaveOut = [], key, whole, ...table }: CurrentTable): TableSpec {
  const columns = columnsOf(record, leaveOut)
  const view = currentView(table.name, columns, key)
  return { ...table, version: 1, columns, views: [whole ? ofLatest(view, columns, whole) : view] }
}

/** A view without the rows of a whole that were not said when the whole was said last. */
function ofLatest(
  view: ViewSpec,
  columns: readonly ColumnSpec[],
  { by, asOf }: NonNullable<CurrentTable['whole']>,
): ViewSpec {
  const names = columns.map(({ name }) => name).join(', ')
  return {
    ...view,
    select: database =>
      `SELECT ${names} FROM (SELECT *, max(${asOf}) OVER (PARTITION BY ${by.join(', ')}) AS said_last FROM (${view.select(database)})) WHERE ${asOf} = said_last`,
  }
}
