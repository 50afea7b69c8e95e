import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'

const tenant: ColumnSpec = { name: 'tenant_id', type: 'LowCardinality(String)' }
const target: ColumnSpec = { name: 'target_id', type: 'String' }
const revision: ColumnSpec = { name: 'revision', type: 'Int64' }
const ingest: ColumnSpec = { name: 'ingest_time', type: "DateTime64(6, 'UTC')" }

const pacingColumns: readonly ColumnSpec[] = [
  tenant,
  target,
  { name: 'date', type: 'Date', comment: 'Of the account; the last of the target once it is over' },
  { name: 'evaluated_at', type: "DateTime64(6, 'UTC')", value: r => r.event_time },
  { name: 'metric_type', type: 'LowCardinality(String)' },
  { name: 'metric', type: 'LowCardinality(String)', comment: 'The series it is measured by' },
  { name: 'scope', type: 'LowCardinality(String)', comment: 'tenant, platform or campaign' },
  { name: 'platform', type: 'LowCardinality(Nullable(String))' },
  { name: 'campaign_id', type: 'Nullable(String)' },
  { name: 'start_date', type: 'Date' },
  { name: 'end_date', type: 'Date' },
  { name: 'target_value', type: 'Float64', comment: 'SPEND, REVENUE, CPA: minor units of the currency' },
  { name: 'actual', type: 'Nullable(Float64)', comment: 'In the unit of the target' },
  { name: 'projected', type: 'Nullable(Float64)', comment: 'At its end' },
  { name: 'elapsed', type: 'Float64', comment: 'Share of the period that has passed' },
  { name: 'pace', type: 'Nullable(Float64)', comment: 'Below 1 is worse, of CPA too' },
  { name: 'attainment', type: 'Nullable(Float64)', comment: 'Projected ÷ target' },
  { name: 'lower', type: 'Nullable(Float64)', comment: '95 % bounds of the attainment' },
  { name: 'upper', type: 'Nullable(Float64)' },
  { name: 'band', type: 'Float64', comment: 'How far a pace may be from 1' },
  { name: 'status', type: 'LowCardinality(Nullable(String))' },
  { name: 'phase', type: 'LowCardinality(String)' },
  { name: 'consumption', type: 'LowCardinality(Nullable(String))', comment: 'SPEND: before its time' },
  { name: 'currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'reason', type: 'LowCardinality(Nullable(String))', comment: 'Why the status is null' },
  revision,
  ingest,
]

const alertColumns: readonly ColumnSpec[] = [
  tenant,
  { name: 'alert_id', type: 'String' },
  target,
  { name: 'type', type: 'LowCardinality(String)' },
  { name: 'severity', type: 'LowCardinality(String)', comment: 'warning or critical' },
  { name: 'opened_at', type: "DateTime64(6, 'UTC')" },
  { name: 'cleared_at', type: "Nullable(DateTime64(6, 'UTC'))" },
  { name: 'cleared_by', type: 'LowCardinality(Nullable(String))', comment: 'CONDITION, HAND or TARGET' },
  { name: 'acknowledged_by', type: 'Nullable(String)' },
  { name: 'snoozed_until', type: "Nullable(DateTime64(6, 'UTC'))", comment: 'Nobody is told until then' },
  { name: 'note', type: 'Nullable(String)' },
  { name: 'changed_at', type: "DateTime64(6, 'UTC')", value: r => r.event_time },
  revision,
  ingest,
]

const pacingTable: TableSpec = {
  name: 'pacing',
  comment: 'One row is how one target stood on one day, at one revision',
  version: 1,
  from: { topic: 'pacing', kind: 'pacing' },
  time: 'date',
  orderBy: ['tenant_id', 'target_id', 'date'],
  columns: pacingColumns,
  views: [currentView('pacing', pacingColumns, ['tenant_id', 'target_id', 'date'])],
}

const pacingAlertsTable: TableSpec = {
  name: 'pacing_alerts',
  comment: 'One row is one alert of one target, at one revision',
  version: 1,
  from: { topic: 'pacing', kind: 'pacing_alert' },
  time: 'opened_at',
  orderBy: ['tenant_id', 'target_id', 'opened_at'],
  columns: alertColumns,
  views: [currentView('pacing_alerts', alertColumns, ['tenant_id', 'alert_id'])],
}

export const pacingTables: readonly TableSpec[] = [pacingTable, pacingAlertsTable]
