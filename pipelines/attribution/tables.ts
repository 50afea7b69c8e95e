import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'
import { UNITS } from './model/split.ts'

const KEY = ['tenant_id', 'date', 'model', 'dimension', 'key'] as const

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
  {
    name: 'conversions',
    type: 'Float64',
    value: r => Number(r.conversion_units) / UNITS,
  },
  {
    name: 'conversion_units',
    type: 'Int64',
    comment: 'The same, 1,000,000,000 to a conversion: these add up exactly',
  },
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

const TABLE = 'attribution_daily_revisions'
const latest = currentView(TABLE, columns, KEY)
/** The columns that stand for where a row came from have no place in a sum of spend. */
const shown = columns.map(({ name }) => name)

/**
 * The latest of each, with what the platforms say was spent on it that day. A fit says all there is of its day: what an
 * older one had of other keys is not in force any more. Spend of several currencies, or none known: null.
 */
const daily = (database: string): string => {
  const at = shown.indexOf('revenue_micros') + 1
  const names = [...shown.slice(0, at), 'spend_micros', ...shown.slice(at)]
  const of = (name: string) =>
    name === 'spend_micros' ? 's.spend_micros AS spend_micros' : `a.${name} AS ${name}`
  const spend = (dimension: string, key: string) =>
    [
      `SELECT tenant_id, date, '${dimension}' AS dimension, ${key} AS key,`,
      'if(uniqExact(currency) = 1, sum(spend_micros), NULL) AS spend_micros',
      `FROM ${database}.ad_metrics_daily_current WHERE isNotNull(${key}) GROUP BY tenant_id, date, key`,
    ].join(' ')
  const fitted = "model = 'markov'"
  return [
    `SELECT ${names.map(of).join(', ')}`,
    `FROM (SELECT * FROM (${latest.select(database)}) WHERE NOT (${fitted}) OR (tenant_id, date, dimension, revision) IN`,
    `(SELECT tenant_id, date, dimension, max(revision) FROM ${database}.${TABLE} WHERE ${fitted} GROUP BY tenant_id, date, dimension)) AS a`,
    `LEFT JOIN (${spend('platform', 'platform')} UNION ALL ${spend('campaign', 'campaign_id')} UNION ALL ${spend('ad', 'ad_id')}) AS s`,
    'ON a.tenant_id = s.tenant_id AND a.date = s.date AND a.dimension = s.dimension AND a.key = s.key',
  ].join(' ')
}

export const attributionTable: TableSpec = {
  name: TABLE,
  comment: 'One row is what one model credits one key with on one day, at one revision',
  version: 1,
  from: { topic: 'attribution', kind: 'attribution' },
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
  { name: 'as_of', type: "DateTime64(6, 'UTC')", value: r => r.event_time },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

export const attributionModelsTable: TableSpec = {
  name: 'attribution_models',
  comment: 'One row is one fit of a model to the paths of a window',
  version: 1,
  from: { topic: 'attribution', kind: 'attribution_model' },
  time: 'window_to',
  orderBy: ['tenant_id', 'dimension', 'model', 'revision'],
  columns: modelColumns,
  views: [currentView('attribution_models', modelColumns, ['tenant_id', 'model', 'dimension'])],
}
