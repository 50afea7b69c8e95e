import type { ColumnSpec, ColumnType } from '../../engine/sink/table.ts'
import type { JsonSchema } from '../../engine/source/port.ts'

/** Names of few values: stored as a dictionary. */
const FEW = new Set([
  'platform',
  'level',
  'status',
  'objective',
  'budget_kind',
  'bid_strategy',
  'currency',
  'zone',
  'age',
  'gender',
  'country',
  'stage',
  'pipeline',
  'channel',
])
const COMMENT_LENGTH = 200

/** Columns of a table for the fields of a record: as the warehouse names and types things (names.md). */
export function columnsOf(record: JsonSchema, leaveOut: readonly string[]): ColumnSpec[] {
  const fields = Object.entries(record.properties ?? {}).filter(([name]) => !leaveOut.includes(name))
  return [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    ...fields.map(([name, schema]) => columnOf(name, schema)),
    { name: 'source', type: 'LowCardinality(String)', comment: 'Connector' },
    { name: 'revision', type: 'Int64', comment: '1 for the first, one more for every change' },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
  ]
}

function columnOf(name: string, schema: JsonSchema): ColumnSpec {
  const comment = schema.description?.slice(0, COMMENT_LENGTH)
  const more = comment === undefined ? {} : { comment }
  // Millionths of a conversion are its decimals.
  if (name === 'conversions_micros')
    return {
      name: 'conversions',
      type: 'Nullable(Decimal(18, 6))',
      value: r => r.conversions_micros,
      ...more,
    }
  return { name, type: typeOf(name, schema), ...more }
}

function typeOf(name: string, { type, additionalProperties }: JsonSchema): ColumnType {
  const types = typeof type === 'string' ? [type] : (type ?? [])
  const isNullable = types.includes('null')
  const few = FEW.has(name)
  switch (types.find(t => t !== 'null')) {
    case 'string':
      if (name === 'date') return 'Date'
      if (few) return isNullable ? 'LowCardinality(Nullable(String))' : 'LowCardinality(String)'
      return isNullable ? 'Nullable(String)' : 'String'
    case 'integer':
      if (name === 'as_of' || name.endsWith('_at') || name.startsWith('window_'))
        return isNullable ? "Nullable(DateTime64(6, 'UTC'))" : "DateTime64(6, 'UTC')"
      return isNullable ? 'Nullable(Int64)' : 'Int64'
    case 'number':
      return isNullable ? 'Nullable(Float64)' : 'Float64'
    case 'boolean':
      return isNullable ? 'Nullable(Bool)' : 'Bool'
    case 'array':
      return 'Array(LowCardinality(String))'
    case 'object':
      return typeof additionalProperties === 'object' && additionalProperties.type === 'number'
        ? 'Map(LowCardinality(String), Float64)'
        : 'Map(LowCardinality(String), String)'
  }
  throw new RangeError(`${name}: a field of type ${String(type)} has no column`)
}
