import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'
import { ACTION_RESULTS_TOPIC, ACTIONS_TOPIC, DECISIONS_TOPIC } from './kinds.ts'

const word = (name: string, comment?: string): ColumnSpec => column(name, 'LowCardinality(String)', comment)
const wordOrNull = (name: string): ColumnSpec => column(name, 'LowCardinality(Nullable(String))')
const text = (name: string, comment?: string): ColumnSpec => column(name, 'String', comment)
const textOrNull = (name: string, comment?: string): ColumnSpec => column(name, 'Nullable(String)', comment)
const whole = (name: string, comment?: string): ColumnSpec => column(name, 'Int64', comment)
const wholeOrNull = (name: string, comment?: string): ColumnSpec => column(name, 'Nullable(Int64)', comment)
const time = (name: string, comment?: string): ColumnSpec => column(name, "DateTime64(6, 'UTC')", comment)
const timeOrNull = (name: string): ColumnSpec => column(name, "Nullable(DateTime64(6, 'UTC'))")
const words = (name: string, comment?: string): ColumnSpec =>
  column(name, 'Array(LowCardinality(String))', comment)

function column(name: string, type: ColumnSpec['type'], comment?: string): ColumnSpec {
  return { name, type, ...(comment === undefined ? {} : { comment }) }
}

export const decisionsTable: TableSpec = {
  name: 'decisions',
  comment: 'One row is what was decided of one match of a rule, or of what a person asked, and why',
  version: 1,
  from: { topic: DECISIONS_TOPIC, kind: 'decision' },
  time: 'evaluated_at',
  orderBy: ['tenant_id', 'evaluated_at', 'decision_id'],
  columns: [
    word('tenant_id'),
    text('decision_id'),
    time('evaluated_at'),
    time('as_of', 'Watermark of the evidence'),
    wordOrNull('rule_id'),
    wholeOrNull('rule_version'),
    textOrNull('rule_hash'),
    word('platform'),
    text('account_id'),
    text('entity', 'PLATFORM:ACCOUNT:CAMPAIGN[:ADSET[:AD]]'),
    text('cluster', 'Campaigns that share a budget'),
    word('type', 'BUDGET_INCREASE, CAMPAIGN_PAUSE …'),
    word('outcome', 'The first check that stopped it, or EXECUTE'),
    words('causes', 'All checks that did not hold'),
    word('gate_raw'),
    word('gate_final', 'PASS, HOLD or BLOCK'),
    words('caps'),
    column('score', 'Nullable(Float64)'),
    wordOrNull('enforcement_mode'),
    words('violations'),
    wholeOrNull('before_micros'),
    wholeOrNull('after_micros'),
    column('delta_pct', 'Nullable(Float64)'),
    wholeOrNull('delta_micros'),
    wordOrNull('currency'),
    text('actor'),
    word('actor_role'),
    textOrNull('action_id'),
    text('explanation', 'For a person'),
    text('decision', 'Canonical JSON: what decision_hash is of'),
    text('inputs', 'JSON: what it was decided from; `stratum replay --decision` decides it again'),
    text('decision_hash'),
    text('prev_hash', 'Of the audit log'),
    text('hash', 'Of the audit log'),
    whole('policy_version'),
    text('policy_hash'),
    whole('semantics'),
    word('engine_version'),
    time('ingest_time'),
  ],
}

const actionColumns: readonly ColumnSpec[] = [
  word('tenant_id'),
  text('action_id'),
  whole('revision', '1 for the first state, one more for every change'),
  { ...time('changed_at'), value: r => r.event_time },
  word('state', 'QUEUED, APPROVED, APPLIED, FAILED or DISMISSED'),
  word('platform'),
  word('level'),
  text('account_id'),
  textOrNull('campaign_id'),
  textOrNull('adset_id'),
  textOrNull('ad_id'),
  text('entity'),
  word('type'),
  word('field', 'status, budget or bid'),
  wordOrNull('currency'),
  wholeOrNull('before_micros'),
  wholeOrNull('after_micros'),
  wordOrNull('before_status'),
  wordOrNull('after_status'),
  word('origin', 'rule, person or rollback'),
  wordOrNull('rule_id'),
  wholeOrNull('rule_version'),
  text('decision_id'),
  time('created_at'),
  text('created_by'),
  time('expires_at'),
  textOrNull('approved_by'),
  wordOrNull('approved_how'),
  timeOrNull('approved_at'),
  whole('attempt'),
  textOrNull('lease_holder'),
  timeOrNull('lease_until'),
  column('settle', 'Bool', 'Nobody knows yet whether it was written'),
  text('idempotency_key'),
  textOrNull('reverts_action_id'),
  wordOrNull('code'),
  textOrNull('message'),
  textOrNull('reason'),
  time('ingest_time'),
]

export const actionsTable: TableSpec = {
  name: 'actions',
  comment: 'One row is one action in one of its states; `actions_current` has the state it is in',
  version: 1,
  from: { topic: ACTIONS_TOPIC, kind: 'action' },
  time: 'created_at',
  orderBy: ['tenant_id', 'created_at', 'action_id'],
  columns: actionColumns,
  views: [currentView('actions', actionColumns, ['tenant_id', 'action_id'])],
}

export const actionResultsTable: TableSpec = {
  name: 'action_results',
  comment: 'One row is what an executor said became of one try',
  version: 1,
  from: { topic: ACTION_RESULTS_TOPIC, kind: 'action_result' },
  time: 'said_at',
  orderBy: ['tenant_id', 'said_at', 'action_id'],
  columns: [
    word('tenant_id'),
    { ...time('said_at'), value: r => r.event_time },
    text('action_id'),
    text('decision_id'),
    whole('attempt'),
    text('holder'),
    word('platform'),
    text('entity'),
    word('type'),
    word('outcome', 'APPLIED, FAILED, NOT_SENT, NOT_WRITTEN or UNKNOWN'),
    word('state', 'Of the action after it'),
    wordOrNull('code'),
    textOrNull('message'),
    textOrNull('found', 'JSON: what the platform was found to have'),
    timeOrNull('written_at'),
    timeOrNull('read_back_at'),
    time('ingest_time'),
  ],
}
