import { BadRow } from './bad-row.ts'
import { itemOf, SOLD, textOfItems } from './items.ts'
import { emptyRow, type Ga4Row, REVENUE_USD, type Scalar, SLOTS, TEXT_FIELDS, type TextField } from './row.ts'

type Json = Readonly<Record<string, unknown>>

const PATHS = Object.entries(TEXT_FIELDS).map(([field, path]) => ({
  field: field as TextField,
  path,
  parts: path.split('.') as [string, string?],
}))

/** Fills `row` from one row of a JSON export; throws BadRow where a type cannot be read. */
export function rowFromJson(value: unknown, row: Ga4Row = emptyRow()): Ga4Row {
  if (!isRecord(value)) throw new BadRow('the row', value, 'a JSON object')
  row.event_date = scalar(value.event_date, 'event_date')
  row.event_timestamp = scalar(value.event_timestamp, 'event_timestamp')
  row.event_name = scalar(value.event_name, 'event_name')
  for (const { field, path, parts } of PATHS) row[field] = asText(fieldOf(value, parts), path)
  row.revenue_usd = scalar(fieldOf(value, ['ecommerce', 'purchase_revenue_in_usd']), REVENUE_USD)
  row.items = SOLD.has(String(row.event_name)) ? itemsIn(value.items) : null
  row.count = 0
  for (const [i, param] of listIn(value.event_params, 'event_params', 'key').entries())
    addParam(row, param, i)
  return row
}

function fieldOf(value: Json, [name, inner]: readonly [string, string?]): unknown {
  const outer = value[name]
  if (inner === undefined || outer === null || outer === undefined) return outer
  if (!isRecord(outer)) throw new BadRow(name, outer, 'a record')
  return outer[inner]
}

function itemsIn(value: unknown): string | null {
  const items = listIn(value, 'items', 'item_id').map((item, i) => {
    if (!isRecord(item)) throw new BadRow(`items[${i}]`, item, 'a record')
    return itemOf(field => asText(item[field], `items[${i}].${field}`))
  })
  return textOfItems(items)
}

/** Some tools write a list of one as its only item, which `has` such a field. */
function listIn(value: unknown, column: string, has: string): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value
  if (isRecord(value) && has in value) return [value]
  throw new BadRow(column, value, 'an array')
}

function addParam(row: Ga4Row, param: unknown, i: number): void {
  const where = `event_params[${i}]`
  if (!isRecord(param)) throw new BadRow(where, param, 'a record of key and value')
  const name = asText(param.key, `${where}.key`)
  if (name === null) throw new BadRow(`${where}.key`, param.key, 'a name')
  const { value } = param
  const slots = isRecord(value) ? value : { string_value: value }
  for (const slot of SLOTS) {
    const cell = scalar(slots[slot], `${where}.value.${slot}`)
    if (cell === null) continue
    const text = slot === 'string_value' ? String(cell) : numberText(cell)
    row.names[row.count] = name
    row.texts[row.count] = text
    row.free[row.count++] = typeof cell === 'string'
    return
  }
}

/**
 * A number as text, the same for `58`, `58.0`, `"58"` and `"58.0"`: exports write one value in all these ways, and
 * the key of the event is made of it. Integers of any size keep their digits.
 */
export function numberText(cell: string | number | boolean): string {
  if (typeof cell === 'number') return String(cell)
  if (typeof cell === 'boolean') return cell ? '1' : '0'
  if (/^-?(?:0|[1-9]\d*)$/.test(cell)) return cell
  const number = Number(cell)
  return cell.trim() === '' || Number.isNaN(number) ? cell : String(number)
}

function asText(value: unknown, field: string): string | null {
  const found = scalar(value, field)
  return found === null ? null : String(found)
}

function scalar(value: unknown, field: string): Scalar {
  if (value === null || value === undefined) return null
  if (typeof value === 'object') throw new BadRow(field, value, 'a single value')
  return value as Scalar
}

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
