import type { Table } from 'apache-arrow'
import { absent, type Column } from './column.ts'
import { columnOf } from './from-arrow.ts'
import { Interner } from './intern.ts'
import { StructColumn } from './nested.ts'

/** The columns of one batch. */
export interface Columns {
  readonly length: number
  /** A column by name, or `record.field`; one of nulls when there is none. */
  column(path: string): Column
  /** A row as plain values, as JSON would hold it. */
  row(i: number): Record<string, unknown>
}

/** One for all: the same names and values come in every batch of every file. */
const intern = new Interner()

export function columnsOf(table: Table): Columns {
  const length = table.numRows
  const byName = new Map<string, Column>()
  for (const field of table.schema.fields) {
    const data = table.getChild(field.name)?.data ?? []
    // An IPC stream of one batch has one piece a column; none when the batch is empty.
    byName.set(field.name, data[0] ? columnOf(data[0], field.name, intern, null) : absent(0))
  }
  return {
    length,
    column(path) {
      const [name, ...fields] = path.split('.')
      let column = byName.get(name!) ?? absent(length)
      for (const field of fields) {
        if (!(column instanceof StructColumn)) return absent(length)
        column = column.field(field)
      }
      return column
    },
    row: i => Object.fromEntries([...byName].map(([name, column]) => [name, column.value(i)])),
  }
}
