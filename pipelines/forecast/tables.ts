import type { TableSpec } from '../../engine/sink/table.ts'

export const forecastsTable: TableSpec = {
  name: 'forecasts',
  comment:
    'One row is what one metric was forecast to come to at the end of one period, after one day had closed',
  version: 1,
  from: { topic: 'forecasts', kind: 'forecast' },
  time: 'date',
  orderBy: ['tenant_id', 'metric', 'horizon', 'date'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    { name: 'date', type: 'Date', comment: 'The last closed day' },
    { name: 'run_at', type: "DateTime64(6, 'UTC')", value: r => r.event_time },
    { name: 'scope', type: 'LowCardinality(String)', comment: 'tenant, platform or campaign' },
    { name: 'platform', type: 'LowCardinality(Nullable(String))' },
    { name: 'campaign_id', type: 'Nullable(String)' },
    { name: 'target_id', type: 'Nullable(String)', comment: 'null: of a period of the calendar' },
    { name: 'metric', type: 'LowCardinality(String)', comment: 'Money in units of the currency' },
    {
      name: 'horizon',
      type: 'LowCardinality(String)',
      comment: 'MONTH_END, QUARTER_END, YEAR_END, TARGET_END',
    },
    { name: 'horizon_date', type: 'Date', comment: 'The last day that is counted' },
    { name: 'counted_from', type: 'Date', comment: 'The first: of the period, or the first that is known' },
    { name: 'model', type: 'LowCardinality(String)' },
    { name: 'so_far', type: 'Nullable(Float64)', comment: 'Of the closed days' },
    { name: 'mean', type: 'Nullable(Float64)', comment: 'What is there and the days to come' },
    { name: 'lower', type: 'Nullable(Float64)' },
    { name: 'upper', type: 'Nullable(Float64)' },
    { name: 'level', type: 'Float64', comment: 'Nominal coverage' },
    {
      name: 'measured_coverage',
      type: 'Nullable(Float64)',
      comment: 'Of its own past; null: not yet measured',
    },
    { name: 'settled_intervals', type: 'Int64', comment: 'That it was measured on' },
    { name: 'width', type: 'Float64', comment: 'g: what its own past widens it by' },
    { name: 'provisional', type: 'Bool', comment: 'Fewer than 182 days are known' },
    { name: 'currency', type: 'LowCardinality(Nullable(String))' },
    {
      name: 'reason',
      type: 'LowCardinality(Nullable(String))',
      comment: 'Why the mean or the bounds are null',
    },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
  ],
}
