import { RetryableError } from '../../../plugins/errors.ts'
import { BadRow } from '../bad-row.ts'

/** A column of a table's schema. */
export interface Field {
  readonly name: string
  readonly isList: boolean
  /** Of a RECORD; null: a plain value. */
  readonly fields: readonly Field[] | null
}

/** `schema.fields` of `tables.get`. @throws RetryableError: it is none */
export function fieldsOf(value: unknown, table: string): Field[] {
  if (!Array.isArray(value)) throw new RetryableError(`${table}: BigQuery gave no schema`)
  return value.map(({ name, type, mode, fields }) => ({
    name: String(name),
    isList: mode === 'REPEATED',
    fields: type === 'RECORD' || type === 'STRUCT' ? fieldsOf(fields, table) : null,
  }))
}

/**
 * A row `{ f: [{ v }] }` as the object that a JSON export has: values by their names, integers as text.
 * @throws BadRow: it does not fit the schema
 */
export function objectOfRow(row: unknown, fields: readonly Field[], where = 'the row'): object {
  const cells = (row as { f?: unknown } | null)?.f
  if (!Array.isArray(cells) || cells.length !== fields.length)
    throw new BadRow(where, row, `a row of ${fields.length} cells`)
  return Object.fromEntries(
    fields.map((field, i) => [field.name, plainValue((cells[i] as { v?: unknown } | null)?.v, field)]),
  )
}

function plainValue(value: unknown, field: Field): unknown {
  if (value === null || value === undefined) return null
  if (!field.isList) return field.fields ? objectOfRow(value, field.fields, field.name) : value
  if (!Array.isArray(value)) throw new BadRow(field.name, value, 'a list')
  return value.map(item => plainValue((item as { v?: unknown } | null)?.v, { ...field, isList: false }))
}
