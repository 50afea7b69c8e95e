/** A column as BigQuery's `tables.get` tells it. */
export interface Column {
  readonly name: string
  readonly type: string
  readonly mode: 'NULLABLE' | 'REPEATED'
  readonly fields?: readonly Column[]
}

const plain = (name: string, type = 'STRING'): Column => ({ name, type, mode: 'NULLABLE' })
const record = (name: string, ...fields: Column[]): Column => ({
  name,
  type: 'RECORD',
  mode: 'NULLABLE',
  fields,
})
const texts = (...names: string[]): Column[] => names.map(name => plain(name))

const VALUE = record(
  'value',
  plain('string_value'),
  plain('int_value', 'INTEGER'),
  plain('float_value', 'FLOAT'),
  plain('double_value', 'FLOAT'),
)

/** The part of the export's columns that a site's world has something of. */
export const COLUMNS: readonly Column[] = [
  plain('event_date'),
  plain('event_timestamp', 'INTEGER'),
  plain('event_name'),
  { ...record('event_params', plain('key'), VALUE), mode: 'REPEATED' },
  ...texts('user_pseudo_id', 'user_id', 'stream_id', 'platform'),
  record('privacy_info', ...texts('analytics_storage', 'ads_storage')),
  record('device', plain('category')),
  record('geo', plain('country')),
  record(
    'collected_traffic_source',
    ...texts('manual_source', 'manual_medium', 'manual_campaign_name', 'gclid'),
  ),
  record('ecommerce', plain('transaction_id'), plain('purchase_revenue_in_usd', 'FLOAT')),
]

type Value = unknown

/** An object as a row `{ f: [{ v }] }`: every value as text. */
export const cellsOf = (object: Record<string, Value>, columns: readonly Column[]): object => ({
  f: columns.map(column => ({ v: cellOf(object[column.name], column) })),
})

function cellOf(value: Value, column: Column): Value {
  if (value === null || value === undefined) return column.mode === 'REPEATED' ? [] : null
  if (column.mode === 'REPEATED')
    return (value as Value[]).map(item => ({ v: cellOf(item, { ...column, mode: 'NULLABLE' }) }))
  if (column.fields) return cellsOf(value as Record<string, Value>, column.fields)
  return String(value)
}
