/** A column of a warehouse table. `value` takes it from a record; left out: the field of the same name. */
export interface ColumnSpec {
  readonly name: string
  readonly type: ColumnType
  readonly value?: (record: Readonly<Record<string, unknown>>) => unknown
  readonly comment?: string
}

/** The ClickHouse types the native writer knows (`engine/sink/native.ts`). */
export type ColumnType =
  | 'String'
  | 'Nullable(String)'
  | 'LowCardinality(String)'
  | 'LowCardinality(Nullable(String))'
  | 'Bool'
  | 'Nullable(Bool)'
  | 'UInt32'
  | 'Nullable(UInt32)'
  | 'UInt64'
  | 'Int64'
  | 'Nullable(Int64)'
  | 'Nullable(UInt64)'
  | 'Date'
  | "DateTime64(6, 'UTC')"
  | "Nullable(DateTime64(6, 'UTC'))"
  | 'Decimal(18, 6)'
  | 'Nullable(Decimal(18, 6))'
  | 'Float64'
  | 'Nullable(Float64)'
  | 'Map(LowCardinality(String), String)'
  | 'Map(LowCardinality(String), Float64)'
  | 'Array(LowCardinality(String))'
  | "Array(DateTime64(6, 'UTC'))"

/**
 * One warehouse table: its columns, its order, and the records that fill it. Every table starts with `tenant_id`,
 * is ordered by it, partitioned by month and carries `_topic, _partition, _offset`. Rows are never changed: what is
 * restated is a row with a higher revision, and `current` names the view of the latest ones.
 */
export interface TableSpec {
  readonly name: string
  readonly comment: string
  /** Raise it when a column changes its meaning: it is part of the deduplication tokens. */
  readonly version: number
  /** Short name of the topic and the kind of record a row is made of. */
  readonly from: { readonly topic: string; readonly kind: string }
  readonly columns: readonly ColumnSpec[]
  readonly orderBy: readonly string[]
  /** The Date or DateTime64 column months and retention go by. */
  readonly time: string
  readonly views?: readonly ViewSpec[]
}

export interface ViewSpec {
  readonly name: string
  readonly comment: string
  readonly select: (database: string) => string
}

/** Columns every table ends with: where in the log its row came from. */
export const ORIGIN_COLUMNS: readonly ColumnSpec[] = [
  { name: '_topic', type: 'LowCardinality(String)' },
  { name: '_partition', type: 'UInt32' },
  { name: '_offset', type: 'UInt64' },
]

/**
 * The view of the latest revision of every key. All other columns come from one row: `argMax` alone would skip
 * nulls and mix revisions. Filters on the key reach the table.
 */
export function currentView(table: string, columns: readonly ColumnSpec[], key: readonly string[]): ViewSpec {
  const rest = columns.map(c => c.name).filter(name => !key.includes(name))
  const picked = rest.map((name, i) => `latest.${i + 1} AS ${name}`)
  const names = columns.map(c => c.name)
  return {
    name: `${table}_current`,
    comment: `The latest revision of each row of ${table}`,
    select: database =>
      `SELECT ${names.map(n => (key.includes(n) ? n : picked[rest.indexOf(n)])).join(', ')} FROM (SELECT ${key.join(', ')}, argMax(tuple(${rest.join(', ')}), revision) AS latest FROM ${database}.${table} GROUP BY ${key.join(', ')})`,
  }
}
