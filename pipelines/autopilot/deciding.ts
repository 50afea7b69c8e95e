import { canonical } from '../../engine/canonical.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { emitAudit } from '../audit/emit.ts'
import { genesis } from '../audit/model/chain.ts'
import type { Evidence } from '../rules/model/match.ts'
import { entityOf, type SubjectView } from '../rules/model/subject.ts'
import { riskClassOf } from '../trust/model/actions.ts'
import type { Scope } from '../trust/model/gate/evidence.ts'
import type { At } from './emit.ts'
import { factsOf } from './facts.ts'
import { DECISIONS_TOPIC, type DecisionRecord, decisionKind } from './kinds.ts'
import type { OfRule } from './model/action.ts'
import { breakerState } from './model/breaker.ts'
import type { Change } from './model/change.ts'
import { type Decided, type DecideInputs, decideAction } from './model/decide.ts'
import { decisionHash, SEMANTICS, saidOf } from './model/decision-hash.ts'
import { explainDecision } from './model/explain.ts'
import { isOpen } from './model/lifecycle.ts'
import { roomFor } from './room.ts'
import { settingsOf } from './settings-of.ts'
import type { AutopilotState } from './state.ts'

/** Actions of a tenant that may be open at once: its state is one record of the changelog. */
export const MOST_OPEN = 2_000

/** What is asked of the autopilot: by a rule that matches, or by a person. */
export interface Asked {
  readonly view: SubjectView
  readonly change: Change | null
  readonly scope: Scope
  readonly evidence: readonly Evidence[]
  readonly rule: OfRule | null
  readonly actor: DecideInputs['actor']
  readonly open_action: string | null
  readonly is_confirmed?: boolean
  readonly reverts?: string | null
  /** The action that it is about already; null: none, whatever is decided; left out: a new one where there is to be one. */
  readonly action_id?: string | null
}

/** What is stopped so early makes no action (autopilot.md §0). */
const WITHOUT_ACTION: ReadonlySet<string> = new Set([
  'NO_CURRENT_VALUE',
  'COOLDOWN',
  'OPEN_ACTION',
  'QUEUE_FULL',
  'NOT_IN_CANARY',
])

/** All that a decision rests on, put together from what is known of the tenant now. */
export function inputsOf(state: AutopilotState, tenant: string, asked: Asked, now: number): DecideInputs {
  const { view, change, scope, evidence, rule, actor, open_action } = asked
  const { subject } = view
  const entity = entityOf(subject)
  const gates = state.gates[subject.platform]
  const risk = change === null ? 'risk_increasing' : riskClassOf(change.type)
  const { frequency_window_days, daily_spend_limit } = settingsOf(state)
  const facts = factsOf(state.accounts, view, now, {
    frequency_window_days,
    has_daily_limit: daily_spend_limit !== null,
  })
  return {
    v: 1,
    tenant,
    now,
    rule:
      rule === null
        ? null
        : {
            id: rule.id,
            version: rule.version,
            hash: rule.hash,
            mode: rule.mode,
            overrides: rule.overrides,
          },
    actor,
    subject,
    entity,
    cluster: clusterOf(view),
    change,
    evidence,
    gate: gates === undefined ? null : { inputs: gates.inputs[scope][risk], settings: gates.settings },
    kill_switch: state.isEngaged,
    breaker: breakerState(state.breakers[subject.platform], now),
    facts,
    settings: state.settings,
    blast: change === null ? null : roomFor(state, change, facts, now),
    cooldown_until: rule === null ? null : (state.cooldowns[pairOf(rule.id, entity)] ?? null),
    open_action,
    is_full: Object.values(state.actions).filter(action => isOpen(action.state)).length >= MOST_OPEN,
    is_confirmed: asked.is_confirmed ?? false,
    reverts: asked.reverts ?? null,
  }
}

export const pairOf = (rule: string, entity: string): string => `${rule}|${entity}`

/** Campaigns that share a budget are one; which do, platforms do not say here yet: each is its own. */
const clusterOf = ({ subject: { platform, account_id, campaign_id } }: SubjectView): string =>
  [platform, account_id, campaign_id].filter(id => id !== null).join(':')

export interface Recorded {
  readonly decision_id: string
  /** Of the action that there is, or has to be made; null: there is none. */
  readonly action_id: string | null
  readonly inputs: DecideInputs
  readonly decided: Decided
  readonly explanation: string
}

/** Decides, and writes the decision down: whatever comes of it. */
export function decideAndRecord(
  state: AutopilotState,
  asked: Asked,
  at: At & { readonly event_id: string },
  ctx: StageContext,
): Recorded {
  const inputs = inputsOf(state, at.tenant_id, asked, state.now)
  return record(state, inputs, decideAction(inputs), asked, at, ctx)
}

export function record(
  state: AutopilotState,
  inputs: DecideInputs,
  decided: Decided,
  { view, action_id: known }: Pick<Asked, 'view' | 'action_id'>,
  { event_id, ...at }: At & { readonly event_id: string },
  ctx: StageContext,
): Recorded {
  const { rule, change, actor, subject, entity } = inputs
  const said = saidOf(inputs, decided)
  const decision_hash = decisionHash(said)
  const what = change?.type ?? 'NONE'
  const decision_id = deterministicId(at.tenant_id, event_id, rule?.id ?? '', entity, what, 'decision')
  const action_id =
    known !== undefined
      ? known
      : WITHOUT_ACTION.has(decided.outcome)
        ? null
        : deterministicId(at.tenant_id, decision_id, 'action')
  const explanation = explainDecision(inputs, decided, view.name)
  const { gate, enforcement, outcome, causes } = decided
  const prev_hash = state.audit.seq < 0 ? genesis(at.tenant_id) : state.audit.hash
  emitAudit(state, ctx, {
    ...at,
    kind: 'DECISION',
    body: {
      decision_id,
      decision_hash,
      outcome,
      causes,
      rule: rule === null ? null : { id: rule.id, version: rule.version },
      entity,
      actor: actor.id,
      role: actor.role,
    },
  })
  const value: DecisionRecord = {
    ...at,
    event_id: decision_id,
    decision_id,
    rule_id: rule?.id ?? null,
    rule_version: rule?.version ?? null,
    rule_hash: rule?.hash ?? null,
    policy_version: inputs.settings.version,
    policy_hash: String(said.policy_hash),
    semantics: SEMANTICS,
    engine_version: ENGINE_VERSION,
    as_of: view.watermark ?? inputs.now,
    evaluated_at: inputs.now,
    platform: subject.platform,
    account_id: subject.account_id ?? '',
    entity,
    cluster: inputs.cluster,
    type: what,
    outcome,
    causes: [...causes],
    gate_raw: gate.raw,
    gate_final: gate.final,
    caps: [...gate.caps],
    score: gate.score,
    enforcement_mode: enforcement.mode,
    violations: enforcement.violations.map(({ type, subtype }) => (subtype ? `${type}.${subtype}` : type)),
    ...deltasOf(change),
    currency: change?.currency ?? null,
    actor: actor.id,
    actor_role: actor.role,
    action_id,
    explanation,
    decision: canonical(said),
    inputs: JSON.stringify(inputs),
    decision_hash,
    prev_hash,
    hash: state.audit.hash,
  }
  ctx.emit(DECISIONS_TOPIC, decisionKind, value, [at.tenant_id, decision_id])
  return { decision_id, action_id, inputs, decided, explanation }
}

const ENGINE_VERSION = '1'

function deltasOf(change: Change | null) {
  if (change === null || typeof change.before === 'string' || typeof change.after === 'string')
    return { before_micros: null, after_micros: null, delta_pct: null, delta_micros: null }
  const { before, after } = change
  return {
    before_micros: before,
    after_micros: after,
    delta_micros: after - before,
    delta_pct: before === 0 ? null : Math.round(((after - before) / before) * 1e8) / 1e6,
  }
}
