import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import type { Match } from './model/match.ts'
import type { SubjectView } from './model/subject.ts'

/** A tenant's rule as it is in force (topic `rules`, compacted); removed: without its text. */
export interface RuleInForce extends BaseRecord {
  readonly rule_id: string
  /** Of its author. */
  readonly version: number | null
  readonly hash: string | null
  /** JSON; null: it was removed. */
  readonly rule: string | null
  readonly actor: string
  readonly reason: string | null
  readonly command_id: string
}

export const ruleKind = defineKind<RuleInForce>('rule', [
  field('rule_id', 'string'),
  field('version', nullable('long'), "The author's"),
  field('hash', nullable('string'), 'SHA-256 of it without its tests'),
  field('rule', nullable('string'), 'JSON; null: it was removed'),
  field('actor', 'string'),
  field('reason', nullable('string')),
  field('command_id', 'string'),
])

/** Short name of the topic. */
export const RULES_TOPIC = 'rules'

/** Handed on inside the tenant task; written nowhere. */
export interface RuleMatched extends BaseRecord {
  readonly match: Match
  readonly view: SubjectView
  readonly isTick: boolean
}
export const ruleMatchedKind = defineKind<RuleMatched>('rule_matched', [])

export interface RuleChanged extends BaseRecord {
  readonly rule_id: string
  readonly version: number | null
  readonly hash: string | null
  readonly actor: string
  readonly reason: string | null
}
export const ruleChangedKind = defineKind<RuleChanged>('rule_changed', [])
