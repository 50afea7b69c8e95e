import { type AvroSchema, type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import type { Platform } from '../signals/platform.ts'
import type { ActionType } from '../trust/model/actions.ts'
import type { State } from './model/lifecycle.ts'

const texts = { type: 'array', items: 'string' } as AvroSchema

/** What an action is about and what it changes: the same words in every record of it. */
export interface ActionChange {
  readonly platform: Platform
  readonly level: string
  readonly account_id: string
  readonly campaign_id: string | null
  readonly adset_id: string | null
  readonly ad_id: string | null
  /** `meta:a1:c1`. */
  readonly entity: string
  readonly type: ActionType
  readonly field: 'status' | 'budget' | 'bid'
  readonly currency: string | null
  readonly before_micros: number | null
  readonly after_micros: number | null
  readonly before_status: string | null
  readonly after_status: string | null
}

/** An action in one of its states: a record at every change (topic `actions`). */
export interface ActionRecord extends BaseRecord, ActionChange {
  readonly action_id: string
  readonly state: State
  /** 1 for the first record of an action, one more for every change. */
  readonly revision: number
  readonly origin: 'rule' | 'person' | 'rollback'
  readonly rule_id: string | null
  readonly rule_version: number | null
  readonly decision_id: string
  readonly created_at: number
  readonly created_by: string
  readonly expires_at: number
  readonly approved_by: string | null
  readonly approved_how: 'automatic' | 'person' | null
  readonly approved_at: number | null
  /** 1 for the first; one more where it was queued again or a write was found not done. */
  readonly attempt: number
  readonly lease_holder: string | null
  readonly lease_until: number | null
  /** The next lease only reads: nobody knows whether the last one wrote. */
  readonly settle: boolean
  /** The same for every try of one attempt. */
  readonly idempotency_key: string
  readonly reverts_action_id: string | null
  /** Why it was dismissed, or failed. */
  readonly code: string | null
  readonly message: string | null
  readonly reason: string | null
}

export const actionKind = defineKind<ActionRecord>('action', [
  field('action_id', 'string'),
  field('state', 'string', 'QUEUED, APPROVED, APPLIED, FAILED or DISMISSED'),
  field('revision', 'long', '1 for the first record of an action, one more for every change'),
  field('platform', 'string'),
  field('level', 'string', 'campaign, adset or ad'),
  field('account_id', 'string'),
  field('campaign_id', nullable('string')),
  field('adset_id', nullable('string')),
  field('ad_id', nullable('string')),
  field('entity', 'string', 'PLATFORM:ACCOUNT:CAMPAIGN[:ADSET[:AD]]'),
  field('type', 'string', 'BUDGET_INCREASE, CAMPAIGN_PAUSE …'),
  field('field', 'string', 'status, budget or bid'),
  field('currency', nullable('string'), 'ISO 4217'),
  field('before_micros', nullable('long'), 'The value there must be when it is written'),
  field('after_micros', nullable('long'), 'The absolute value to write'),
  field('before_status', nullable('string')),
  field('after_status', nullable('string')),
  field('origin', 'string', 'rule, person or rollback'),
  field('rule_id', nullable('string')),
  field('rule_version', nullable('long')),
  field('decision_id', 'string', 'The decision it rests on'),
  field('created_at', 'long', 'UTC microseconds'),
  field('created_by', 'string'),
  field('expires_at', 'long', 'UTC microseconds: queued no longer than that'),
  field('approved_by', nullable('string')),
  field('approved_how', nullable('string'), 'automatic or person'),
  field('approved_at', nullable('long')),
  field('attempt', 'long'),
  field('lease_holder', nullable('string')),
  field('lease_until', nullable('long'), 'UTC microseconds'),
  field('settle', 'boolean', 'The next lease only reads: nobody knows whether the last one wrote'),
  field('idempotency_key', 'string', 'The same for every try of one attempt'),
  field('reverts_action_id', nullable('string')),
  field('code', nullable('string'), 'Why it failed or was dismissed: EXPIRED, DRIFT …'),
  field('message', nullable('string')),
  field('reason', nullable('string')),
])

/** How a try to carry an action out ended, as its executor said (topic `action-results`). */
export interface ActionResult extends BaseRecord {
  readonly action_id: string
  readonly decision_id: string
  readonly attempt: number
  readonly holder: string
  readonly platform: string
  readonly entity: string
  readonly type: string
  readonly outcome: Outcome
  readonly state: State
  readonly code: string | null
  readonly message: string | null
  /** JSON: what the platform was found to have; null: it was not read. */
  readonly found: string | null
  readonly written_at: number | null
  readonly read_back_at: number | null
}

export const OUTCOMES = ['APPLIED', 'FAILED', 'NOT_SENT', 'NOT_WRITTEN', 'UNKNOWN'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const actionResultKind = defineKind<ActionResult>('action_result', [
  field('action_id', 'string'),
  field('decision_id', 'string'),
  field('attempt', 'long'),
  field('holder', 'string', 'The executor that had the lease'),
  field('platform', 'string'),
  field('entity', 'string'),
  field('type', 'string'),
  field('outcome', 'string', 'APPLIED, FAILED, NOT_SENT, NOT_WRITTEN or UNKNOWN'),
  field('state', 'string', 'Of the action after it'),
  field('code', nullable('string')),
  field('message', nullable('string')),
  field('found', nullable('string'), 'JSON: what the platform was found to have'),
  field('written_at', nullable('long')),
  field('read_back_at', nullable('long')),
])

/** What was decided of one match or request, and everything it rests on (topic `decisions`, compacted by its id). */
export interface DecisionRecord extends BaseRecord {
  readonly decision_id: string
  readonly rule_id: string | null
  readonly rule_version: number | null
  readonly rule_hash: string | null
  readonly policy_version: number
  readonly policy_hash: string
  readonly semantics: number
  readonly engine_version: string
  readonly as_of: number
  readonly evaluated_at: number
  readonly platform: string
  readonly account_id: string
  readonly entity: string
  readonly cluster: string
  readonly type: string
  readonly outcome: string
  readonly causes: readonly string[]
  readonly gate_raw: string
  readonly gate_final: string
  readonly caps: readonly string[]
  readonly score: number | null
  readonly enforcement_mode: string | null
  readonly violations: readonly string[]
  readonly before_micros: number | null
  readonly after_micros: number | null
  readonly delta_pct: number | null
  readonly delta_micros: number | null
  readonly currency: string | null
  readonly actor: string
  readonly actor_role: string
  readonly action_id: string | null
  readonly explanation: string
  /** JSON, canonical: what the hash is of. */
  readonly decision: string
  /** JSON: everything it was decided by, for the same decision again. */
  readonly inputs: string
  readonly decision_hash: string
  readonly prev_hash: string
  readonly hash: string
}

export const decisionKind = defineKind<DecisionRecord>('decision', [
  field('decision_id', 'string'),
  field('rule_id', nullable('string'), 'null: a person asked, or it takes another back'),
  field('rule_version', nullable('long')),
  field('rule_hash', nullable('string')),
  field('policy_version', 'long', 'Of the settings of the autopilot; 0: the defaults'),
  field('policy_hash', 'string'),
  field('semantics', 'long', 'Counted up when the same inputs would be decided otherwise'),
  field('engine_version', 'string'),
  field('as_of', 'long', 'Watermark of the evidence, UTC microseconds'),
  field('evaluated_at', 'long', 'UTC microseconds'),
  field('platform', 'string'),
  field('account_id', 'string'),
  field('entity', 'string'),
  field('cluster', 'string', 'Campaigns that share a budget'),
  field('type', 'string'),
  field('outcome', 'string', 'The first check that stopped it, or EXECUTE'),
  field('causes', texts, 'All checks that did not hold'),
  field('gate_raw', 'string'),
  field('gate_final', 'string'),
  field('caps', texts),
  field('score', nullable('double')),
  field('enforcement_mode', nullable('string')),
  field('violations', texts),
  field('before_micros', nullable('long')),
  field('after_micros', nullable('long')),
  field('delta_pct', nullable('double')),
  field('delta_micros', nullable('long')),
  field('currency', nullable('string')),
  field('actor', 'string'),
  field('actor_role', 'string'),
  field('action_id', nullable('string')),
  field('explanation', 'string', 'For a person'),
  field('decision', 'string', 'JSON in canonical form (RFC 8785): what the hash is of'),
  field('inputs', 'string', 'JSON: everything it was decided by'),
  field('decision_hash', 'string'),
  field('prev_hash', 'string', "Of the tenant's audit chain"),
  field('hash', 'string', "Of the tenant's audit chain"),
])

/** Short names of the topics. */
export const ACTIONS_TOPIC = 'actions'
export const ACTION_RESULTS_TOPIC = 'action-results'
export const DECISIONS_TOPIC = 'decisions'
