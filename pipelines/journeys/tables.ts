import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'

const KEY = ['tenant_id', 'person_key', 'journey_id'] as const

const columns: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  { name: 'person_key', type: 'String', comment: 'Who the person was found to be' },
  { name: 'journey_id', type: 'String', comment: 'The first session in it' },
  {
    name: 'date',
    type: 'Date',
    comment: 'Day of the session that converts; else of the end of the look-back, else of the last touch',
  },
  { name: 'started_at', type: "DateTime64(6, 'UTC')" },
  {
    name: 'closed_at',
    type: "Nullable(DateTime64(6, 'UTC'))",
    comment:
      'Start of the session that converts, or end of the look-back: in the future, it can go on. null: no look-back',
  },
  { name: 'converted', type: 'Bool' },
  { name: 'converted_at', type: "Nullable(DateTime64(6, 'UTC'))", comment: 'First purchase' },
  { name: 'conversions', type: 'Int64', comment: 'Purchases of the session that converts' },
  { name: 'value_micros', type: 'Nullable(Int64)', comment: 'null: not known, or did not convert' },
  { name: 'currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'lag_days', type: 'Nullable(Float64)', comment: 'From the first touch; null: did not convert' },
  { name: 'path', type: 'Array(LowCardinality(String))', comment: 'By what the settings say: path_by' },
  { name: 'times', type: "Array(DateTime64(6, 'UTC'))", comment: 'When each touch began' },
  { name: 'channels', type: 'Array(LowCardinality(String))' },
  { name: 'source_mediums', type: 'Array(LowCardinality(String))' },
  { name: 'platforms', type: 'Array(LowCardinality(String))' },
  { name: 'campaigns', type: 'Array(LowCardinality(String))' },
  { name: 'ads', type: 'Array(LowCardinality(String))' },
  { name: 'revision', type: 'Int64', comment: 'Grows with every change; journeys_current has the latest' },
  { name: 'gone', type: 'Bool', comment: 'There is no such journey any more: not in journeys_current' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

const current = currentView('journeys', columns, KEY)

export const journeysTable: TableSpec = {
  name: 'journeys',
  comment:
    'One row is one journey of a person, up to a conversion or to its end without one, at one revision',
  version: 1,
  from: { topic: 'journeys', kind: 'journey' },
  time: 'date',
  orderBy: ['tenant_id', 'person_key', 'journey_id', 'revision'],
  columns,
  views: [{ ...current, select: database => `SELECT * FROM (${current.select(database)}) WHERE NOT gone` }],
}
