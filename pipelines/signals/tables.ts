import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'

const tenant: ColumnSpec = { name: 'tenant_id', type: 'LowCardinality(String)' }
const platform: ColumnSpec = { name: 'platform', type: 'LowCardinality(String)' }
const ingest: ColumnSpec = { name: 'ingest_time', type: "DateTime64(6, 'UTC')" }

export const anomaliesTable: TableSpec = {
  name: 'anomalies',
  comment: 'One row is one value of one series and what its detector said of it',
  version: 1,
  from: { topic: 'signals', kind: 'anomaly' },
  time: 'event_time',
  orderBy: ['tenant_id', 'platform', 'metric', 'event_time'],
  columns: [
    tenant,
    platform,
    { name: 'metric', type: 'LowCardinality(String)', comment: 'Money in units of the currency' },
    { name: 'entity', type: 'Nullable(String)', comment: 'Campaign; null: the platform as a whole' },
    { name: 'interval', type: 'LowCardinality(String)', comment: 'hour or day' },
    { name: 'event_time', type: "DateTime64(6, 'UTC')", comment: 'When the interval began' },
    { name: 'detector', type: 'LowCardinality(String)' },
    { name: 'value', type: 'Nullable(Float64)' },
    { name: 'expected', type: 'Nullable(Float64)' },
    { name: 'score', type: 'Nullable(Float64)', comment: 'z units, 0 to 20; null: warming up' },
    { name: 'direction', type: 'LowCardinality(Nullable(String))', comment: 'above or below' },
    { name: 'alert', type: 'Bool' },
    ingest,
  ],
}

const varianceColumns: readonly ColumnSpec[] = [
  tenant,
  { name: 'date', type: 'Date', comment: 'The last of seven settled days' },
  platform,
  { name: 'platform_revenue_micros', type: 'Nullable(Int64)', comment: 'Of the seven days' },
  { name: 'ga4_revenue_micros', type: 'Nullable(Int64)' },
  { name: 'currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'ratio', type: 'Nullable(Float64)', comment: 'Platform ÷ GA4' },
  { name: 'baseline', type: 'Nullable(Float64)', comment: 'The ratio that is usual' },
  { name: 'drift', type: 'Nullable(Float64)', comment: 'Distance from it in its own spread' },
  { name: 'variance_pct', type: 'Nullable(Float64)', comment: '100·(platform − GA4) ÷ GA4' },
  { name: 'score', type: 'Nullable(Float64)' },
  { name: 'revision', type: 'Int64' },
  ingest,
]

export const varianceDailyTable: TableSpec = {
  name: 'variance_daily',
  comment: "One row is a platform's revenue of seven settled days against GA4's, at one revision",
  version: 1,
  from: { topic: 'signals', kind: 'variance_daily' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'platform'],
  columns: varianceColumns,
  views: [currentView('variance_daily', varianceColumns, ['tenant_id', 'date', 'platform'])],
}
