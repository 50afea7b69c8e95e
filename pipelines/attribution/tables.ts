import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'
import { UNITS } from './model/split.ts'

const KEY = ['tenant_id', 'date', 'model', 'dimension', 'key'] as const
const COUNTS = ['first_touch_count', 'last_touch_count', 'assisted_count', 'paths', 'unvalued_paths'] as const

const columns: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  { name: 'date', type: 'Date', comment: "Day of the session that converts, in the property's zone" },
  { name: 'model', type: 'LowCardinality(String)' },
  {
    name: 'dimension',
    type: 'LowCardinality(String)',
    comment: 'channel, source_medium, platform, campaign, ad',
  },
  { name: 'key', type: 'String', comment: 'Its name, (none) where there is none' },
  { name: 'conversion_units', type: 'Int64', comment: '1,000,000,000 to a conversion: they add up exactly' },
  { name: 'revenue_micros', type: 'Nullable(Int64)', comment: 'null: of none known, or several currencies' },
  { name: 'currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'first_touch_count', type: 'Int64', comment: 'Converting paths in which it is the first touch' },
  { name: 'last_touch_count', type: 'Int64' },
  { name: 'assisted_count', type: 'Int64', comment: 'In which it is any touch but the last' },
  { name: 'paths', type: 'Int64', comment: 'Converting paths that touch it' },
  { name: 'unvalued_paths', type: 'Int64', comment: 'Of them, whose value is not known: not in revenue' },
  { name: 'revision', type: 'Int64' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]
const partColumns = [
  ...columns,
  { name: 'part', type: 'LowCardinality(String)', comment: 'Partition of people, then of journeys' },
] as const satisfies readonly ColumnSpec[]

const PARTS = 'attribution_daily_parts'
const FITTED = 'attribution_fitted_daily'
const latestParts = currentView(PARTS, partColumns, [...KEY, 'part'])
const latestFitted = currentView(FITTED, columns, KEY)

/** The sum over the latest of every part. Amounts of several currencies are not added: null. */
const additive = (database: string): string => {
  const mixed =
    'countIf(p.revenue_micros IS NULL AND p.unvalued_paths < p.paths) > 0 OR uniqExact(p.currency) > 1'
  return [
    `SELECT ${KEY.map(name => `p.${name} AS ${name}`).join(', ')}, sum(p.conversion_units) AS conversion_units,`,
    `if(${mixed}, NULL, sum(p.revenue_micros)) AS revenue_micros, if(${mixed}, NULL, any(p.currency)) AS currency,`,
    `${COUNTS.map(name => `sum(p.${name}) AS ${name}`).join(', ')}, sum(p.revision) AS revision`,
    `FROM (${latestParts.select(database)}) AS p GROUP BY ${KEY.map(name => `p.${name}`).join(', ')}`,
  ].join(' ')
}

/** A fit says all there is of a day: what an older one had of other keys is not in force any more. */
const fitted = (database: string): string =>
  [
    `SELECT ${[...KEY, 'conversion_units', 'revenue_micros', 'currency', ...COUNTS, 'revision'].join(', ')}`,
    `FROM (${latestFitted.select(database)}) WHERE (tenant_id, date, model, dimension, revision) IN`,
    `(SELECT tenant_id, date, model, dimension, max(revision) FROM ${database}.${FITTED} GROUP BY tenant_id, date, model, dimension)`,
  ].join(' ')

/** What the platforms say was spent on a platform, an ad; null: in several currencies. */
const spend = (database: string, dimension: string, key: string): string =>
  [
    `SELECT tenant_id, date, '${dimension}' AS dimension, ${key} AS key,`,
    'if(uniqExact(currency) = 1, sum(spend_micros), NULL) AS spend_micros',
    `FROM ${database}.ad_metrics_daily_current WHERE isNotNull(${key}) GROUP BY tenant_id, date, key`,
  ].join(' ')

/** A campaign by its id, and by its name: that is what links mostly have. */
const campaignSpend = (database: string): string =>
  [
    "SELECT tenant_id, date, 'campaign' AS dimension, key, if(uniqExact(currency) = 1, sum(spend_micros), NULL) AS spend_micros FROM (",
    'SELECT m.tenant_id AS tenant_id, m.date AS date, m.currency AS currency, m.spend_micros AS spend_micros,',
    "arrayJoin(arrayDistinct([m.campaign_id, if(ifNull(c.name, '') = '', m.campaign_id, assumeNotNull(c.name))])) AS key",
    `FROM ${database}.ad_metrics_daily_current AS m LEFT JOIN ${database}.campaigns_current AS c`,
    'ON m.tenant_id = c.tenant_id AND m.platform = c.platform AND m.account_id = c.account_id AND m.campaign_id = c.campaign_id',
    ') GROUP BY tenant_id, date, key',
  ].join(' ')

const daily = (database: string): string => {
  const of = (name: string) => `a.${name} AS ${name}`
  const spent = [
    spend(database, 'platform', 'platform'),
    campaignSpend(database),
    spend(database, 'ad', 'ad_id'),
  ]
  return [
    `SELECT ${KEY.map(of).join(', ')}, a.conversion_units / ${UNITS} AS conversions, a.conversion_units AS conversion_units,`,
    `${of('revenue_micros')}, s.spend_micros AS spend_micros, ${of('currency')}, ${COUNTS.map(of).join(', ')}, ${of('revision')}`,
    `FROM (${additive(database)} UNION ALL ${fitted(database)}) AS a LEFT JOIN (${spent.join(' UNION ALL ')}) AS s`,
    'ON a.tenant_id = s.tenant_id AND a.date = s.date AND a.dimension = s.dimension AND a.key = s.key',
    // What has nothing any more is written as that, and not shown.
    'WHERE a.paths > 0 OR a.conversion_units != 0',
  ].join(' ')
}

const attributionPartsTable: TableSpec = {
  name: PARTS,
  comment:
    'One row is what an additive model credits a key with on a day, of journeys that came one way, at one revision',
  version: 1,
  from: { topic: 'attribution', kind: 'attribution' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'model', 'dimension', 'key', 'part', 'revision'],
  columns: partColumns,
}

/** Its views read the table of parts, which is therefore named before it. */
const attributionFittedTable: TableSpec = {
  name: FITTED,
  comment: 'One row is what a fitted model credits a key with on a day, at one fit',
  version: 1,
  from: { topic: 'attribution', kind: 'attribution_fitted' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'model', 'dimension', 'key', 'revision'],
  columns,
  views: [
    { name: 'attribution_daily', comment: 'What each model credits each key with on a day', select: daily },
    {
      name: 'attribution_daily_current',
      comment: 'The same as attribution_daily, which is always current',
      select: db => `SELECT * FROM ${db}.attribution_daily`,
    },
  ],
}

const modelColumns: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  { name: 'model', type: 'LowCardinality(String)' },
  { name: 'dimension', type: 'LowCardinality(String)' },
  { name: 'order', type: 'Nullable(Int64)', comment: 'Of markov: touches that make a state' },
  { name: 'window_from', type: 'Date' },
  { name: 'window_to', type: 'Date', comment: 'UTC day that the watermark had come to' },
  { name: 'version', type: 'String', comment: 'Of what it was fitted to, and how: the same for the same' },
  { name: 'states', type: 'Nullable(Int64)' },
  { name: 'journeys', type: 'Int64', comment: 'Conversions and nulls' },
  { name: 'conversions', type: 'Int64' },
  { name: 'nulls', type: 'Int64' },
  { name: 'revenue_micros', type: 'Nullable(Int64)' },
  { name: 'currency', type: 'LowCardinality(Nullable(String))' },
  { name: 'removal_effects', type: 'Map(LowCardinality(String), Float64)', comment: 'More than 1 together' },
  { name: 'removal_effects_value', type: 'Map(LowCardinality(String), Float64)' },
  { name: 'credits', type: 'Map(LowCardinality(String), Float64)', comment: 'Conversions of the window' },
  { name: 'reason', type: 'Nullable(String)', comment: 'Why there is no fit' },
  { name: 'revision', type: 'Int64' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

const attributionModelsTable: TableSpec = {
  name: 'attribution_models',
  comment: 'One row is one fit of a model to the paths of a window',
  version: 1,
  from: { topic: 'attribution', kind: 'attribution_model' },
  time: 'window_to',
  orderBy: ['tenant_id', 'dimension', 'model', 'revision'],
  columns: modelColumns,
  views: [currentView('attribution_models', modelColumns, ['tenant_id', 'model', 'dimension'])],
}

/** In the order in which their views can be made. */
export const attributionTables = [attributionPartsTable, attributionFittedTable, attributionModelsTable]
