import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'
import { PROFIT_FIGURES } from './kinds.ts'

const columns: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  {
    name: 'date',
    type: 'Date',
    comment: "Day of the sale in the property's zone; of spend the account's day",
  },
  {
    name: 'dimension',
    type: 'LowCardinality(String)',
    comment: 'account, product, category, platform, campaign',
  },
  { name: 'key', type: 'String', comment: 'Empty for the account; (none): not known' },
  ...PROFIT_FIGURES.money.map(name => ({ name, type: 'Nullable(Int64)' as const })),
  ...PROFIT_FIGURES.ratios
    .filter(name => name !== 'cogs_coverage_pct')
    .map(name => ({ name, type: 'Nullable(Float64)' as const })),
  {
    name: 'cogs_coverage',
    type: 'Nullable(Float64)',
    comment: 'Per cent of the net revenue whose COGS are known: what is below it is of that alone',
    value: r => r.cogs_coverage_pct,
  },
  { name: 'currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'spend_currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'unvalued', type: 'Int64', comment: 'Sales and refunds without an amount: in none of the figures' },
  { name: 'warnings', type: 'Array(LowCardinality(String))' },
  { name: 'reason', type: 'LowCardinality(Nullable(String))', comment: 'Why there is no profit on ad spend' },
  { name: 'revision', type: 'Int64', comment: '1 for the first, one more for every change' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

export const profitDailyTable: TableSpec = {
  name: 'profit_daily',
  comment: 'One row is what is left of a day of sales by one key, at one revision',
  version: 1,
  from: { topic: 'metrics', kind: 'profit_daily' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'dimension', 'key', 'revision'],
  columns,
  views: [currentView('profit_daily', columns, ['tenant_id', 'date', 'dimension', 'key'])],
}
