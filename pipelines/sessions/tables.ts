import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'

const columns: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  { name: 'session_key', type: 'String' },
  { name: 'session_id', type: 'String', comment: "The source's own" },
  { name: 'session_number', type: 'Nullable(Int64)', comment: "The source's own" },
  { name: 'person_key', type: 'String' },
  { name: 'connector', type: 'LowCardinality(String)' },
  { name: 'date', type: 'Date', comment: 'Day of its first event' },
  { name: 'started_at', type: "DateTime64(6, 'UTC')" },
  { name: 'ended_at', type: "DateTime64(6, 'UTC')" },
  { name: 'source', type: 'LowCardinality(Nullable(String))', comment: 'Traffic source' },
  { name: 'medium', type: 'LowCardinality(Nullable(String))' },
  { name: 'campaign', type: 'LowCardinality(Nullable(String))' },
  { name: 'channel', type: 'LowCardinality(String)' },
  { name: 'landing_path', type: 'Nullable(String)' },
  { name: 'device', type: 'LowCardinality(Nullable(String))' },
  { name: 'country', type: 'LowCardinality(Nullable(String))' },
  { name: 'events', type: 'Int64' },
  { name: 'page_views', type: 'Int64' },
  { name: 'purchases', type: 'Int64' },
  {
    name: 'revenue_micros',
    type: 'Nullable(Int64)',
    comment: 'null: amounts of several currencies, or purchases without any',
  },
  { name: 'currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'open', type: 'Bool', comment: 'More events may come' },
  { name: 'revision', type: 'Int64', comment: 'Grows with every change; sessions_current has the latest' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

export const sessionsTable: TableSpec = {
  name: 'sessions',
  comment: 'One row is one session at one revision',
  version: 1,
  from: { topic: 'sessions', kind: 'session' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'session_key', 'revision'],
  columns,
  views: [currentView('sessions', columns, ['tenant_id', 'session_key'])],
}
