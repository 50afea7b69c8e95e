import type { ColumnSpec, TableSpec } from '../../engine/sink/table.ts'

const COUNTS = [
  'events',
  'users',
  'sessions',
  'new_users',
  'page_views',
  'view_item',
  'add_to_cart',
  'begin_checkout',
  'add_shipping_info',
  'add_payment_info',
  'purchases',
] as const

const columns: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  { name: 'date', type: 'Date', comment: "Day in the property's zone" },
  { name: 'source', type: 'LowCardinality(String)', comment: 'Connector' },
  { name: 'part', type: 'UInt32', comment: 'Partition of people' },
  ...COUNTS.map(name => ({ name, type: 'Int64' as const })),
  { name: 'revenue_micros', type: 'Nullable(Int64)', comment: 'null: amounts of several currencies' },
  { name: 'currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'revision', type: 'Int64' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

/**
 * The day: the sum over the latest row of every part. Amounts of several currencies are not added, and purchases
 * without any amount are not worth 0: null.
 */
const total = (database: string): string => {
  const latest = [...COUNTS, 'revenue_micros', 'currency']
  const mixed = 'countIf(p.revenue_micros IS NULL) > 0 OR uniqExact(p.currency) > 1'
  const unknown = 'sum(p.purchases) > 0 AND count(p.currency) = 0'
  const pick = latest.map((c, i) => `latest.${i + 1} AS ${c}`).join(', ')
  return [
    `SELECT tenant_id, date, source, ${COUNTS.map(c => `sum(p.${c}) AS ${c}`).join(', ')},`,
    `if((${mixed}) OR (${unknown}), NULL, sum(p.revenue_micros)) AS revenue_micros,`,
    `if(${mixed}, NULL, any(p.currency)) AS currency, sum(p.revision) AS revision`,
    `FROM (SELECT tenant_id, date, source, part, ${pick}, revision FROM (SELECT tenant_id, date, source, part,`,
    `argMax(tuple(${latest.join(', ')}), f.revision) AS latest, max(f.revision) AS revision`,
    `FROM ${database}.funnel_daily_parts AS f GROUP BY tenant_id, date, source, part)) AS p GROUP BY tenant_id, date, source`,
  ].join(' ')
}

export const funnelTable: TableSpec = {
  name: 'funnel_daily_parts',
  comment: 'One row is a day of one connector as one partition of people saw it, at one revision',
  version: 1,
  from: { topic: 'metrics', kind: 'funnel_partial' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'source', 'part', 'revision'],
  columns,
  views: [
    { name: 'funnel_daily', comment: 'One row is one day of one connector', select: total },
    {
      name: 'funnel_daily_current',
      comment: 'The same as funnel_daily, which is always current',
      select: db => `SELECT * FROM ${db}.funnel_daily`,
    },
  ],
}
