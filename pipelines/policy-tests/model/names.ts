import { CHECKS } from '../../autopilot/model/decide.ts'
import { VIOLATION_TYPES } from '../../autopilot/model/enforcement/violation.ts'
import type { CapCode } from '../../trust/model/gate/caps.ts'

export const GATES = ['PASS', 'HOLD', 'BLOCK'] as const
export const STATUSES = ['HEALTHY', 'DEGRADED', 'CRITICAL'] as const
export const OUTCOMES = [...CHECKS, 'EXECUTE'] as const

const CAP_CODES = [
  'NO_DATA',
  'EMQ_MISSING',
  'EMQ_LOW',
  'EMQ_CRITICAL',
  'FRESHNESS_MISSING',
  'FRESHNESS_LOW',
  'FRESHNESS_ZERO',
  'VARIANCE_MISSING',
  'VARIANCE_LOW',
  'ANOMALY_MISSING',
  'ANOMALY_LOW',
  'EMQ_AND_FRESHNESS_MISSING',
  'KILL_SWITCH_ENGAGED',
  'NOT_CONNECTED',
  'GATE_STALE',
  'BREAKER_OPEN',
] as const satisfies readonly CapCode[]
type Forgotten = Exclude<CapCode, (typeof CAP_CODES)[number]>
/** Does not compile where a cap is left out. */
const ALL: [Forgotten] extends [never] ? true : never = true

/** Caps of the gate, and what a decision adds to them. */
export const CAPS: readonly string[] = ALL ? [...CAP_CODES, 'REVERTS'] : []

/** Violations as a decision names them. */
export const VIOLATIONS: readonly string[] = [
  ...['CAMPAIGN_BUDGET', 'DAILY_INCREASE', 'BUDGET_UNKNOWN'].map(of => `BUDGET_EXCEEDED.${of}`),
  ...['ROAS_BELOW_THRESHOLD', 'ROAS_BELOW_THRESHOLD.INSUFFICIENT_EVIDENCE'],
  ...['DAILY_SPEND_LIMIT', 'DAILY_SPEND_LIMIT.SPEND_UNKNOWN', 'DAILY_SPEND_LIMIT.SPEND_STALE'],
  'CAMPAIGN_PAUSE_REQUIRED',
  ...['AD_FREQUENCY', 'CHANGE_COUNT', 'CHANGE_INTERVAL'].map(of => `FREQUENCY_CAP_EXCEEDED.${of}`),
]
/** A type alone stands for any of its kinds. */
export const VIOLATION_NAMES: readonly string[] = [...new Set([...VIOLATION_TYPES, ...VIOLATIONS])]
