import type { TrustPolicy } from '../../settings/policy.ts'
import type { RiskClass } from '../actions.ts'
import type { Components } from '../composite.ts'
import { type Gate, OUTCOME_OF, type Outcome, type Status } from '../level.ts'
import { MINUTE_US } from '../measured.ts'
import { type Cap, type Operations, operationCaps } from './caps.ts'
import { componentsOf, evidence, type Measurements, type Scope } from './evidence.ts'
import { type ClassGate, type GateView, gateView } from './gate.ts'
import { type Hysteresis, hysteresis, opensAt } from './hysteresis.ts'

/** Everything a decision depends on, besides the policy: the same inputs give the same decision. Plain JSON. */
export interface DecisionInputs {
  readonly platform: string
  readonly risk_class: RiskClass
  readonly scope: Scope
  /** UTC microseconds. */
  readonly now: number
  readonly components: Components
  readonly operations: Operations
  readonly before: Hysteresis | null
}

/** May actions of this class, resting on this evidence, run on this platform now? */
export interface GateDecision {
  readonly inputs: DecisionInputs
  /** By the score alone, then under caps, then with hysteresis: `final` is what counts. */
  readonly raw: Gate
  readonly capped: Gate
  readonly final: Gate
  readonly score: number | null
  readonly confidence: number
  /** By the score alone. */
  readonly status: Status
  readonly caps: readonly Cap[]
  readonly gate: ClassGate
  /** State to keep for the next decision. */
  readonly hysteresis: Hysteresis
  /** The earliest it can get better, UTC microseconds; null: not as things are. */
  readonly opens_at: number | null
  readonly outcome: Outcome
  readonly policy_version: number
  /** UTC microseconds: from then on it may not be used. */
  readonly valid_until: number
}

export type Histories = Readonly<Record<RiskClass, Hysteresis | null>>

/**
 * The decisions for both classes of action on one scope of evidence, from what `evaluate` measured. Keep each
 * `hysteresis` and give it back as `before` at the next evaluation.
 * @param now UTC microseconds
 */
export function decide(
  platform: string,
  scope: Scope,
  measured: Measurements,
  operations: Operations,
  before: Histories,
  now: number,
  policy: TrustPolicy,
): Readonly<Record<RiskClass, GateDecision>> & { readonly view: GateView } {
  const components = evidence(measured, scope)
  const view = viewOf(components, operations, scope, now, policy)
  const of = (risk_class: RiskClass) =>
    decisionOf(
      { platform, risk_class, scope, now, components, operations, before: before[risk_class] },
      view,
      policy,
    )
  return { view, risk_increasing: of('risk_increasing'), protective: of('protective') }
}

/** One decision again from its inputs: what a record holds must come out the same. */
export const decideAgain = (inputs: DecisionInputs, policy: TrustPolicy): GateDecision =>
  decisionOf(inputs, viewOf(inputs.components, inputs.operations, inputs.scope, inputs.now, policy), policy)

const viewOf = (
  components: Components,
  operations: Operations,
  scope: Scope,
  now: number,
  policy: TrustPolicy,
): GateView => gateView(components, policy, componentsOf(scope), operationCaps(operations, now, policy))

function decisionOf(inputs: DecisionInputs, view: GateView, policy: TrustPolicy): GateDecision {
  const { now, risk_class, before } = inputs
  const gate = view.gates[risk_class]
  const state = hysteresis(before, view.score, gate, now, policy)
  return {
    inputs,
    raw: gate.raw,
    capped: gate.capped,
    final: state.level,
    score: view.score,
    confidence: view.confidence,
    status: view.status,
    caps: view.caps,
    gate,
    hysteresis: state,
    opens_at: opensAt(state, policy),
    outcome: OUTCOME_OF[state.level],
    policy_version: policy.version,
    valid_until: now + policy.settings.valid_minutes * MINUTE_US,
  }
}

/**
 * Whether an action may run on a decision at the moment of its writing. By itself it needs PASS; what a person approved
 * needs only not to be blocked. A decision that has run out allows nothing.
 */
export function allows(
  decision: Pick<GateDecision, 'final' | 'valid_until'>,
  by: 'automatic' | 'person',
  now: number,
): boolean {
  if (now >= decision.valid_until) return false
  return by === 'automatic' ? decision.final === 'PASS' : decision.final !== 'BLOCK'
}
