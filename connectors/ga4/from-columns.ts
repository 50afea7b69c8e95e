import { type Column, isAllNull } from '../../plugins/files/columns/column.ts'
import type { Columns } from '../../plugins/files/columns/columns.ts'
import { ListColumn, StructColumn } from '../../plugins/files/columns/nested.ts'
import { Int64Column, MappedColumn, NumberColumn } from '../../plugins/files/columns/numbers.ts'
import { BadRow } from './bad-row.ts'
import { numberText } from './from-json.ts'
import { itemOf, SOLD, textOfItems } from './items.ts'
import { emptyRow, type Ga4Row, REVENUE_USD, type Scalar, SLOTS, TEXT_FIELDS, type TextField } from './row.ts'

/** Fills the bound row from row `i` of the batch. */
export type RowFiller = (i: number) => void

/** Binds the columns of a batch to the fields of `row`, once a batch. */
export function fillFrom(columns: Columns, row: Ga4Row): RowFiller {
  Object.assign(row, emptyRow())
  const fields = Object.entries(TEXT_FIELDS)
    .map(([field, path]) => ({ field: field as TextField, column: columns.column(path) }))
    // A column of nulls only (most of the newer ones in an old export) costs nothing a row.
    .filter(({ column }) => !isAllNull(column))
  const date = columns.column('event_date')
  const timestamp = columns.column('event_timestamp')
  const name = columns.column('event_name')
  const revenue = columns.column(REVENUE_USD)
  const addParams = paramsOf(columns.column('event_params'), row)
  const itemsOf = itemsIn(columns.column('items'))
  return i => {
    row.event_date = date.value(i) as Scalar
    row.event_timestamp = timestamp.value(i) as Scalar
    row.event_name = name.text(i)
    row.revenue_usd = revenue.value(i) as Scalar
    for (let k = 0; k < fields.length; k++) row[fields[k]!.field] = fields[k]!.column.text(i)
    row.items = SOLD.has(row.event_name) ? itemsOf(i) : null
    row.count = 0
    addParams(i)
  }
}

function paramsOf(column: Column, row: Ga4Row): RowFiller {
  if (isAllNull(column)) return () => undefined
  const { list, items } = recordsOf(column, 'event_params')
  const keys = items.field('key')
  const value = items.field('value')
  const slots = value instanceof StructColumn ? SLOTS.map(slot => value.field(slot)) : [value]
  const texts = slots[0]!
  const numbers = slots.slice(1).filter(slot => !isAllNull(slot))
  for (const [k, slot] of numbers.entries()) numbers[k] = asNumbers(slot)
  return i => {
    if (list.isNull(i)) return
    let { count } = row
    for (let j = list.start(i), end = list.start(i + 1); j < end; j++) {
      let cell = texts.text(j)
      const free = cell !== null
      for (let k = 0; cell === null && k < numbers.length; k++) cell = numbers[k]!.text(j)
      if (cell === null) continue
      const name = keys.text(j)
      if (name === null) throw new BadRow(`event_params[${j - list.start(i)}].key`, null, 'a name')
      row.names[count] = name
      row.texts[count] = cell
      row.free[count++] = free
    }
    row.count = count
  }
}

function itemsIn(column: Column): (i: number) => string | null {
  if (isAllNull(column)) return () => null
  const { list, items } = recordsOf(column, 'items')
  const fields = new Map(items.names.map(name => [name, items.field(name)]))
  return i => {
    if (list.isNull(i)) return null
    const found: ReturnType<typeof itemOf>[] = []
    for (let j = list.start(i), end = list.start(i + 1); j < end; j++)
      found.push(itemOf(field => fields.get(field)?.text(j) ?? null))
    return textOfItems(found)
  }
}

function recordsOf(column: Column, name: string): { list: ListColumn; items: StructColumn } {
  const list = listOf(column)
  const items = list && recordOf(list.items)
  if (!list || !items) throw new BadRow(`the column ${name}`, column.value(0), 'a list of records')
  return { list, items }
}

/** A list, also as BigQuery's Parquet export without list types writes it: a record `list` of records `element`. */
function listOf(column: Column): ListColumn | null {
  if (column instanceof ListColumn) return column
  const inner = column instanceof StructColumn ? column.field('list') : null
  return inner instanceof ListColumn ? inner : null
}

function recordOf(items: Column): StructColumn | null {
  if (!(items instanceof StructColumn)) return null
  const only = items.names.length === 1 ? items.field(items.names[0]!) : null
  return only instanceof StructColumn ? only : items
}

/** Some tools write the number slots as text. */
function asNumbers(slot: Column): Column {
  if (slot instanceof Int64Column || slot instanceof NumberColumn) return slot
  return new MappedColumn(slot, value => numberText(value as string | boolean))
}
