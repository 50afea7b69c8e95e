import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'

const word = (name: string, comment?: string): ColumnSpec => of(name, 'LowCardinality(String)', comment)
const micros = (name: string, comment?: string): ColumnSpec => of(name, 'Nullable(Int64)', comment)
const real = (name: string, comment?: string): ColumnSpec => of(name, 'Nullable(Float64)', comment)
const of = (name: string, type: ColumnSpec['type'], comment?: string): ColumnSpec => ({
  name,
  type,
  ...(comment === undefined ? {} : { comment }),
})

const common: readonly ColumnSpec[] = [
  word('tenant_id'),
  { name: 'fitted_at', type: "DateTime64(6, 'UTC')", value: r => r.event_time },
  of('allocation_id', 'String', 'The split it belongs to'),
  of('revision', 'Int64', 'Counted up with every fit of the tenant'),
  of('settled_until', 'Date', 'Last day of the history'),
  word('goal', 'REVENUE or CONVERSIONS: what a result is'),
  of('currency', 'LowCardinality(Nullable(String))'),
]

const curveColumns: readonly ColumnSpec[] = [
  ...common,
  word('platform'),
  of('account_id', 'String'),
  of('campaign_id', 'String'),
  of('name', 'Nullable(String)'),
  of('weeks', 'Int64', 'Used ones'),
  of('conversions', 'Float64', 'In them'),
  of('follows_results', 'Bool', 'Its spend is set by its results: its slope would measure demand'),
  of('held', 'LowCardinality(Nullable(String))', 'Why it stays at its spend'),
  of('evidence', 'LowCardinality(Nullable(String))', 'OWN, SHARED or PRIOR; null: it has no curve'),
  real('elasticity', 'At the reference spend'),
  real('elasticity_sd'),
  real('elasticity_prior_sd', 'Without its own history'),
  of('level_restarted', 'Nullable(Bool)', 'Its last week broke with those before'),
  micros('reference_spend_micros', 'A week'),
  of('spend_micros', 'Int64', 'A week, as it is now'),
  micros('result_micros', 'Expected of a week at this spend: revenue, or millionths of conversions'),
  micros('result_lower_micros', '5 % quantile'),
  micros('result_upper_micros', '95 % quantile'),
  real('marginal', 'What the next unit of spend brings there'),
  real('marginal_lower', '5 % quantile'),
  real('marginal_upper', '95 % quantile'),
  micros('proposed_spend_micros', 'A week, by the split; null: there is none'),
  micros('budget_micros', 'Of a day, as it is now'),
  micros('proposed_budget_micros', 'Of a day; null: it stays, or is not known'),
  micros('gain_micros', 'Its share of the gain of a week'),
  micros('gain_lower_micros', '5 % bound'),
  micros('gain_upper_micros', '95 % bound'),
]

const allocationColumns: readonly ColumnSpec[] = [
  ...common,
  of('campaigns', 'Int64'),
  of('held', 'Int64', 'Of them stay at their spend'),
  of('is_proposed', 'Bool', 'Whether rules may use it'),
  of('reasons', 'Array(LowCardinality(String))', 'Why there is no split, or it is not proposed'),
  of('budget_micros', 'Int64', 'A week'),
  micros('excess_micros', 'INFEASIBLE: above 0 too much, below too little'),
  of('reachable_in_days', 'Nullable(Int64)'),
  micros('gain_micros', 'Of a week, against the present split: revenue, or millionths of conversions'),
  micros('gain_lower_micros', '5 % bound'),
  micros('gain_upper_micros', '95 % bound'),
  real('gain_probability', 'That it is one'),
  real('lambda', 'What the next unit of budget is worth'),
  micros('worthwhile_budget_micros', 'At which the next unit brings what it costs'),
  of('reported_not_incremental', 'Bool', 'Results are as platforms report them'),
  of('learning', 'Nullable(String)', 'JSON: which budgets to move so that curves can be told'),
  of('explanation', 'String', 'For a person'),
]

export const allocationTables: readonly TableSpec[] = [
  {
    name: 'response_curves',
    comment: 'One row is one campaign in one fit: its response curve, and what the split says of it',
    version: 1,
    from: { topic: 'allocation', kind: 'response_curve' },
    time: 'fitted_at',
    orderBy: ['tenant_id', 'platform', 'account_id', 'campaign_id', 'fitted_at'],
    columns: curveColumns,
    views: [
      currentView('response_curves', curveColumns, ['tenant_id', 'platform', 'account_id', 'campaign_id']),
    ],
  },
  {
    name: 'allocations',
    comment: 'One row is one split of a budget over campaigns of one goal and currency, or why there is none',
    version: 1,
    from: { topic: 'allocation', kind: 'allocation' },
    time: 'fitted_at',
    orderBy: ['tenant_id', 'goal', 'fitted_at'],
    columns: allocationColumns,
    views: [currentView('allocations', allocationColumns, ['tenant_id', 'goal', 'currency'])],
  },
]
