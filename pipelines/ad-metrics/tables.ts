import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'

const columns: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  { name: 'date', type: 'Date', comment: "Day in the account's zone" },
  { name: 'platform', type: 'LowCardinality(String)' },
  { name: 'source', type: 'LowCardinality(String)', comment: 'Connector' },
  { name: 'account_id', type: 'String' },
  { name: 'campaign_id', type: 'String' },
  { name: 'adset_id', type: 'Nullable(String)' },
  { name: 'ad_id', type: 'Nullable(String)' },
  { name: 'impressions', type: 'Nullable(Int64)' },
  { name: 'clicks', type: 'Nullable(Int64)' },
  { name: 'spend_micros', type: 'Nullable(Int64)' },
  { name: 'revenue_micros', type: 'Nullable(Int64)' },
  { name: 'currency', type: 'LowCardinality(String)' },
  {
    name: 'conversions',
    type: 'Nullable(Decimal(18, 6))',
    comment: 'Platforms report fractions',
    value: r => r.conversions_micros,
  },
  { name: 'reach', type: 'Nullable(Int64)' },
  { name: 'settled', type: 'Bool', comment: 'The platform will not change this day any more' },
  { name: 'as_of', type: "DateTime64(6, 'UTC')", comment: 'When the platform said so' },
  { name: 'revision', type: 'Int64', comment: '1 for the first figures, one more for every change' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

export const adMetricsTable: TableSpec = {
  name: 'ad_metrics_daily',
  comment: 'One row is one ad (or the finest level reported), one day, one revision',
  version: 1,
  from: { topic: 'metrics', kind: 'ad_metrics' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'platform', 'account_id', 'campaign_id'],
  columns,
  views: [
    currentView('ad_metrics_daily', columns, [
      'tenant_id',
      'date',
      'platform',
      'account_id',
      'campaign_id',
      'adset_id',
      'ad_id',
    ]),
  ],
}
