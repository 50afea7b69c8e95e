import { type AvroSchema, type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'

/** Short name of the topic. */
export const ALLOCATION_TOPIC = 'allocation'

/** A campaign's response curve as one fit has it, and what the split made of it says of the campaign. Amounts are of a week. */
export interface ResponseCurve extends BaseRecord {
  readonly allocation_id: string
  readonly revision: number
  /** The last day of the history, YYYY-MM-DD. */
  readonly settled_until: string
  readonly platform: string
  readonly account_id: string
  readonly campaign_id: string
  readonly name: string | null
  readonly goal: string
  readonly currency: string | null
  readonly weeks: number
  readonly conversions: number
  readonly follows_results: boolean
  readonly held: string | null
  readonly evidence: string | null
  readonly elasticity: number | null
  readonly elasticity_sd: number | null
  readonly elasticity_prior_sd: number | null
  readonly level_restarted: boolean | null
  readonly reference_spend_micros: number | null
  readonly spend_micros: number
  readonly result_micros: number | null
  readonly result_lower_micros: number | null
  readonly result_upper_micros: number | null
  readonly marginal: number | null
  readonly marginal_lower: number | null
  readonly marginal_upper: number | null
  readonly proposed_spend_micros: number | null
  readonly budget_micros: number | null
  readonly proposed_budget_micros: number | null
  readonly gain_micros: number | null
  readonly gain_lower_micros: number | null
  readonly gain_upper_micros: number | null
}

const measure = (name: string, doc: string) => [
  field(name, nullable('long'), doc),
  field(name.replace('_micros', '_lower_micros'), nullable('long'), '5 % quantile'),
  field(name.replace('_micros', '_upper_micros'), nullable('long'), '95 % quantile'),
]

export const responseCurveKind = defineKind<ResponseCurve>('response_curve', [
  field('allocation_id', 'string', 'The split it belongs to'),
  field('revision', 'long', 'Counted up with every fit of the tenant'),
  field('settled_until', 'string', 'Last day of the history'),
  field('platform', 'string'),
  field('account_id', 'string'),
  field('campaign_id', 'string'),
  field('name', nullable('string')),
  field('goal', 'string', 'REVENUE or CONVERSIONS: what a result is'),
  field('currency', nullable('string')),
  field('weeks', 'long', 'Used weeks'),
  field('conversions', 'double', 'In them'),
  field('follows_results', 'boolean', 'Its spend is set by its results: its slope would measure demand'),
  field(
    'held',
    nullable('string'),
    'Why it stays at its spend: SHORT_HISTORY, FEW_CONVERSIONS, NOT_BUDGET_LIMITED, MIXED_CURRENCY',
  ),
  field('evidence', nullable('string'), 'OWN, SHARED or PRIOR; null: it has no curve'),
  field('elasticity', nullable('double'), 'At the reference spend'),
  field('elasticity_sd', nullable('double')),
  field('elasticity_prior_sd', nullable('double'), 'Without its own history'),
  field('level_restarted', nullable('boolean'), 'Its last week broke with those before'),
  field('reference_spend_micros', nullable('long')),
  field('spend_micros', 'long', 'A week, as it is now'),
  ...measure('result_micros', 'Expected of a week at this spend: revenue, or millionths of conversions'),
  field('marginal', nullable('double'), 'What the next unit of spend brings there'),
  field('marginal_lower', nullable('double'), '5 % quantile'),
  field('marginal_upper', nullable('double'), '95 % quantile'),
  field('proposed_spend_micros', nullable('long'), 'A week, by the split; null: there is none'),
  field('budget_micros', nullable('long'), 'Of a day, as it is now'),
  field('proposed_budget_micros', nullable('long'), 'Of a day; null: it stays, or is not known'),
  ...measure('gain_micros', 'Its share of the gain of a week'),
])

/** A split of a budget over campaigns of one goal and currency, or why there is none. Amounts are of a week. */
export interface AllocationMade extends BaseRecord {
  readonly allocation_id: string
  readonly revision: number
  readonly settled_until: string
  readonly goal: string
  readonly currency: string | null
  readonly campaigns: number
  readonly held: number
  /** Whether rules may use it. */
  readonly is_proposed: boolean
  readonly reasons: readonly string[]
  readonly budget_micros: number
  readonly excess_micros: number | null
  readonly reachable_in_days: number | null
  readonly gain_micros: number | null
  readonly gain_lower_micros: number | null
  readonly gain_upper_micros: number | null
  readonly gain_probability: number | null
  readonly lambda: number | null
  readonly worthwhile_budget_micros: number | null
  readonly reported_not_incremental: boolean
  /** JSON: campaigns and factors of the learning plan; null: there is none. */
  readonly learning: string | null
  readonly explanation: string
}

export const allocationKind = defineKind<AllocationMade>('allocation', [
  field('allocation_id', 'string'),
  field('revision', 'long', 'Counted up with every fit of the tenant'),
  field('settled_until', 'string', 'Last day of the histories'),
  field('goal', 'string', 'REVENUE or CONVERSIONS: what a result is'),
  field('currency', nullable('string'), 'null: campaigns that have several of their own'),
  field('campaigns', 'long'),
  field('held', 'long', 'Of them stay at their spend'),
  field('is_proposed', 'boolean', 'Whether rules may use it'),
  field(
    'reasons',
    { type: 'array', items: 'string' } as AvroSchema,
    'Why there is no split or it is not proposed, and what is to be said with it: GATE_HOLD, NO_CLEAR_GAIN …',
  ),
  field('budget_micros', 'long', 'A week; what is spent now'),
  field('excess_micros', nullable('long'), 'INFEASIBLE: above 0 too much, below too little'),
  field('reachable_in_days', nullable('long')),
  ...measure('gain_micros', 'Of a week, against the present split: revenue, or millionths of conversions'),
  field('gain_probability', nullable('double'), 'That it is one'),
  field('lambda', nullable('double'), 'What the next unit of budget is worth'),
  field('worthwhile_budget_micros', nullable('long'), 'At which the next unit brings what it costs'),
  field('reported_not_incremental', 'boolean', 'Results are as platforms report them'),
  field('learning', nullable('string'), 'JSON: which budgets to move so that curves can be told'),
  field('explanation', 'string', 'For a person'),
])
