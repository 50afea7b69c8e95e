import { type AvroSchema, type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import type { Gate, Status } from './model/level.ts'

/** The trust of one platform at one evaluation. Scores are 0 to 100, null where unknown. */
export interface SignalHealth extends BaseRecord {
  readonly platform: string
  /** UTC microseconds. */
  readonly as_of: number
  readonly emq: number | null
  readonly freshness: number | null
  readonly variance: number | null
  readonly anomaly: number | null
  readonly match_rate: number | null
  readonly coverage: number | null
  readonly latency: number | null
  readonly attribution_accuracy: number | null
  readonly data_freshness: number | null
  readonly score: number | null
  /** Share of the weights that is known, 0 to 1. */
  readonly confidence: number
  readonly status: Status
  readonly effective_status: Status
  readonly caps: readonly string[]
  readonly gate_risk_increasing: Gate
  readonly gate_protective: Gate
  readonly gate_risk_increasing_delivery: Gate
  readonly gate_protective_delivery: Gate
  readonly opens: string
  readonly explanation: string
  readonly policy_version: number
  readonly valid_until: number
  readonly inputs_hash: string
}

const score = (name: string, doc?: string) => field(name, nullable('double'), doc)

export const signalHealthKind = defineKind<SignalHealth>('signal_health', [
  field('platform', 'string'),
  field('as_of', 'long', 'UTC microseconds'),
  score('emq', 'Match quality, 0 to 100; null: unknown'),
  score('freshness'),
  score('variance'),
  score('anomaly'),
  score('match_rate'),
  score('coverage'),
  score('latency'),
  score('attribution_accuracy'),
  score('data_freshness'),
  score('score'),
  field('confidence', 'double', 'Share of the weights that is known, 0 to 1'),
  field('status', 'string', 'By the score alone'),
  field('effective_status', 'string', 'After caps and hysteresis, of actions that raise risk'),
  field('caps', { type: 'array', items: 'string' } as AvroSchema),
  field('gate_risk_increasing', 'string', 'PASS, HOLD or BLOCK on all evidence'),
  field('gate_protective', 'string'),
  field('gate_risk_increasing_delivery', 'string', 'On the evidence of spend alone'),
  field('gate_protective_delivery', 'string'),
  field('opens', 'string', 'What would have to change for the gate to open'),
  field('explanation', 'string', 'Every score down to its counts and watermarks'),
  field('policy_version', 'long', 'Of the settings in force; 0: the defaults'),
  field('valid_until', 'long', 'UTC microseconds'),
  field('inputs_hash', 'string', 'SHA-256 of what the decision on actions that raise risk depends on'),
])
