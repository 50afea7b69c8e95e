import { recorded } from '../../recorded.ts'
import type { Evidence } from '../../rules/model/match.ts'
import type { RuleMode } from '../../rules/model/rule.ts'
import type { Subject } from '../../rules/model/subject.ts'
import { type RiskClass, riskClassOf } from '../../trust/model/actions.ts'
import type { DecisionInputs as GateInputs } from '../../trust/model/gate/decision.ts'
import { decideAgain } from '../../trust/model/gate/decision.ts'
import { type Gate, worse } from '../../trust/model/level.ts'
import { policyFor } from '../../trust/settings/policies.ts'
import { autopilotSettings } from '../settings/policies.ts'
import { fits, type Room } from './blast/room.ts'
import type { Change } from './change.ts'
import { type Enforced, enforce } from './enforcement/enforce.ts'
import type { Facts } from './enforcement/facts.ts'

/** Settings as they were in force: what a tenant set, as JSON. */
export interface InForce {
  readonly version: number
  readonly text: string
}

/** Everything a decision is made from: the same inputs give the same decision. Plain JSON. */
export interface DecideInputs {
  readonly v: 1
  readonly tenant: string
  /** UTC microseconds. */
  readonly now: number
  readonly rule: {
    readonly id: string
    readonly version: number
    readonly hash: string
    readonly mode: RuleMode
    readonly overrides: Readonly<Record<string, string>>
  } | null
  readonly actor: { readonly type: 'rule' | 'person'; readonly id: string; readonly role: string }
  readonly subject: Subject
  readonly entity: string
  readonly cluster: string
  /** Null: the value in force is not known, and nothing absolute can be proposed. */
  readonly change: Change | null
  readonly evidence: readonly Evidence[]
  /** The last gate of the platform on the scope of the evidence; null: it was never evaluated. */
  readonly gate: { readonly inputs: GateInputs; readonly settings: InForce } | null
  /** Null: unknown, which is engaged. */
  readonly kill_switch: boolean | null
  readonly breaker: 'CLOSED' | 'HALF_OPEN' | 'OPEN'
  readonly facts: Facts
  readonly settings: InForce
  /** Null: there is no change, and so nothing that it would take. */
  readonly blast: Room | null
  readonly cooldown_until: number | null
  readonly open_action: string | null
  /** More actions are open than a tenant may have. */
  readonly is_full: boolean
  /** A person confirmed what is blocked softly. */
  readonly is_confirmed: boolean
  /** The action it takes back; null: none. */
  readonly reverts: string | null
}

/** In the order in which they are looked at; the first that does not hold is the outcome (autopilot.md §0). */
export const CHECKS = [
  'NO_CURRENT_VALUE',
  'SHADOW',
  'COOLDOWN',
  'OPEN_ACTION',
  'QUEUE_FULL',
  'MANUAL_REQUIRED',
  'ALERT_ONLY',
  'ENFORCEMENT',
  'SUGGESTED',
  'NOT_IN_CANARY',
  'BLAST_RADIUS',
  'HOLDOUT',
] as const
export type Check = (typeof CHECKS)[number]
export type DecisionOutcome = Check | 'EXECUTE'

export interface GateThen {
  readonly raw: Gate
  readonly final: Gate
  readonly caps: readonly string[]
  readonly score: number | null
  readonly confidence: number
  readonly components: GateInputs['components'] | null
  /** UTC microseconds. */
  readonly valid_until: number
}

export interface Decided {
  readonly outcome: DecisionOutcome
  readonly causes: readonly Check[]
  readonly gate: GateThen
  readonly enforcement: Enforced
}

/** What is decided of a match, or of what a person asks. */
export function decideAction(inputs: DecideInputs): Decided {
  const { change, now, rule } = inputs
  const gate = gateThen(inputs)
  const settings = autopilotSettings(inputs.settings.version, inputs.settings.text)
  const enforcement = enforce(
    { change, overrides: rule?.overrides ?? {}, reverts: inputs.reverts !== null },
    inputs.facts,
    settings,
    now,
  )
  const isRoom = inputs.blast !== null && fits(inputs.blast)
  const isPerson = inputs.actor.type === 'person'
  const isAutomatic = rule?.mode === 'auto' && settings.auto_approve && settings.enforcement_enabled
  const isConfirmed = inputs.is_confirmed && enforcement.mode !== 'HARD_BLOCK'
  const failed: Readonly<Record<Check, boolean>> = {
    NO_CURRENT_VALUE: change === null,
    SHADOW: !isPerson && rule?.mode === 'shadow',
    COOLDOWN: !isPerson && inputs.cooldown_until !== null && now < inputs.cooldown_until,
    OPEN_ACTION: inputs.open_action !== null,
    QUEUE_FULL: inputs.is_full,
    MANUAL_REQUIRED: gate.final === 'BLOCK',
    // A person may go over a gate that only holds, and over what the autopilot may do by itself.
    ALERT_ONLY: !isPerson && gate.final === 'HOLD',
    // By itself nothing runs against a limit, not even one that only warns.
    ENFORCEMENT:
      isAutomatic && !isPerson ? enforcement.violations.length > 0 : !enforcement.allowed && !isConfirmed,
    SUGGESTED: !isPerson && !isAutomatic,
    // Their places; who is a member is decided once there are canaries and holdouts.
    NOT_IN_CANARY: false,
    BLAST_RADIUS: !isPerson && !isRoom,
    HOLDOUT: false,
  }
  const causes = CHECKS.filter(check => failed[check])
  return { outcome: causes[0] ?? 'EXECUTE', causes, gate, enforcement }
}

/** The gate as it stands at the moment of the decision: the last evaluation, if it still holds, under what has happened since. */
export function gateThen({ gate, kill_switch, breaker, change, now, reverts }: DecideInputs): GateThen {
  const last =
    gate === null ? null : decideAgain(gate.inputs, policyFor(gate.settings.version, gate.settings.text))
  const risk: RiskClass = change === null ? 'risk_increasing' : riskClassOf(change.type)
  const extra: string[] = []
  let final: Gate = last?.final ?? 'BLOCK'
  const cap = (code: string, level: Gate) => {
    final = worse(final, level)
    if (!last?.caps.some(known => known.code === code)) extra.push(code)
  }
  // What takes back is exempt from what the data says, unless it raises risk itself.
  const isExempt = reverts !== null && risk === 'protective'
  if (isExempt) final = 'PASS'
  else if (last === null) cap('NO_DATA', 'BLOCK')
  else if (now >= last.valid_until) cap('GATE_STALE', 'HOLD')
  if (kill_switch !== false) cap('KILL_SWITCH_ENGAGED', 'BLOCK')
  if (breaker === 'OPEN') cap('BREAKER_OPEN', 'HOLD')
  return {
    raw: last?.raw ?? 'BLOCK',
    final,
    caps: [...(last?.caps.map(({ code }) => code) ?? []), ...extra, ...(isExempt ? ['REVERTS'] : [])],
    score: number(last?.score ?? null),
    confidence: recorded(last?.confidence ?? 0),
    components: last === null ? null : roundedOf(last.inputs.components),
    valid_until: last?.valid_until ?? now,
  }
}

const number = (value: number | null): number | null => (value === null ? null : recorded(value))

const roundedOf = ({
  emq,
  freshness,
  variance,
  anomaly,
}: GateInputs['components']): GateInputs['components'] => ({
  emq: number(emq),
  freshness: number(freshness),
  variance: number(variance),
  anomaly: number(anomaly),
})
