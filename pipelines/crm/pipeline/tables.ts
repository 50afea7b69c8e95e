import { type ColumnSpec, currentView, type TableSpec } from '../../../engine/sink/table.ts'
import { FUNNEL } from '../model/pipeline.ts'

const columns: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  { name: 'date', type: 'Date', comment: "UTC day of the contacts' creation; of spend the account's day" },
  { name: 'platform', type: 'LowCardinality(Nullable(String))', comment: 'null: paid for, not known where' },
  { name: 'campaign_id', type: 'Nullable(String)', comment: 'null: not known' },
  ...FUNNEL.map(name => ({ name, type: 'Int64' as const, comment: 'Contacts that ever came so far' })),
  { name: 'pipeline_value_micros', type: 'Nullable(Int64)', comment: 'Of deals that are open or won' },
  { name: 'won_revenue_micros', type: 'Nullable(Int64)' },
  { name: 'open_value_micros', type: 'Nullable(Int64)' },
  { name: 'weighted_value_micros', type: 'Nullable(Int64)', comment: 'null: a stage without a probability' },
  { name: 'deals_without_amount', type: 'Int64' },
  { name: 'currency', type: 'LowCardinality(Nullable(String))', comment: 'Of deals' },
  { name: 'spend_micros', type: 'Nullable(Int64)' },
  { name: 'spend_currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'pipeline_roas', type: 'Nullable(Float64)' },
  { name: 'won_roas', type: 'Nullable(Float64)' },
  {
    name: 'reason',
    type: 'LowCardinality(Nullable(String))',
    comment: 'Why there is no return on ad spend',
  },
  { name: 'revision', type: 'Int64', comment: '1 for the first, one more for every change' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

export const pipelineDailyTable: TableSpec = {
  name: 'pipeline_daily',
  comment: 'One row is what became of contacts that one campaign brought on one day, at one revision',
  version: 1,
  from: { topic: 'metrics', kind: 'pipeline_daily' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'revision'],
  columns,
  views: [currentView('pipeline_daily', columns, ['tenant_id', 'date', 'platform', 'campaign_id'])],
}
