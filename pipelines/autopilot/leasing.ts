import type { Command } from '../../engine/command/command.ts'
import { permitText, UNDER_KILL_SWITCH } from '../../engine/execute/permit.ts'
import type { SigningKey } from '../../engine/signing.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { riskClassOf } from '../trust/model/actions.ts'
import { inputsHash } from '../trust/model/gate/inputs-hash.ts'
import { type Asking, carry, shown } from './asking.ts'
import { limitOf } from './confirming.ts'
import { inputsOf } from './deciding.ts'
import { emitAction } from './emit.ts'
import { type Action, asChange, isLeased } from './model/action.ts'
import { decideAction } from './model/decide.ts'
import { refusal } from './model/refusal.ts'
import { type GateOfPermit, permitOf } from './permit.ts'
import { settingsOf } from './settings-of.ts'
import { type AutopilotState, pass } from './state.ts'
import { actionOf } from './verdict.ts'

const EXECUTOR = 'EXECUTOR'
const SECOND_US = 1_000_000

/** An executor asks for an action: who may write it, is decided here alone (product.md §4.5). */
export function takeLease(
  state: AutopilotState,
  command: Command,
  signing: SigningKey | null,
  ctx: StageContext,
): void {
  carry(state, command, asking => lease(asking, signing), null, ctx)
}

function lease(asking: Asking, signing: SigningKey | null): void {
  const { state, command, body, at, ctx, say } = asking
  if (command.role !== EXECUTOR) throw refusal('FORBIDDEN', `${command.actor} is no executor`)
  pass(state, command.event_time)
  if (signing === null)
    throw refusal('DEPENDENCY_DOWN', 'there is no key to sign permits with: set secrets.signingKeys')
  const { holder, attempt } = body
  const action = actionOf(asking)
  if (typeof holder !== 'string' || holder === '')
    throw refusal('VALIDATION_ERROR', '/holder is missing: who asks')
  if (action.state !== 'APPROVED') throw refusal('INVALID_STATE', `it is ${action.state}`, shown(action))
  if (attempt !== action.attempt)
    throw refusal(
      'INVALID_STATE',
      `it is at attempt ${action.attempt}, not ${String(attempt)}`,
      shown(action),
    )
  const isAgain =
    isLeased(action, state.now) && action.lease!.holder === holder && action.command === command.event_id
  let decided: Decided | null = null
  if (!isAgain) {
    free(state, action)
    const other = Object.values(state.actions).find(
      one => one.change.entity === action.change.entity && isLeased(one, state.now),
    )
    if (other)
      throw refusal('CONFLICT', `LEASED: ${other.lease!.holder} has ${other.id}`, { action_id: other.id })
    // Who looks after an unknown outcome only reads: neither switch nor gate keeps it from that.
    const mode = action.unsettled ? 'SETTLE' : 'WRITE'
    if (mode === 'WRITE') {
      decided = decidedNow(asking, action)
      mayWrite(state, action, decided)
    }
    action.lease = { holder, until: state.now + settingsOf(state).lease_seconds * SECOND_US, mode }
    action.revision++
    action.command = command.event_id
    emitAction(state, action, holder, at, ctx)
  }
  const permit = permitOf(
    action,
    command.tenant_id,
    action.lease!.mode === 'WRITE' ? gateOf(state, action, decided ?? decidedNow(asking, action)) : null,
    exemptionOf(action),
    state.settings.version,
    state.now,
  )
  say(null, action.lease!.mode === 'WRITE' ? 'leased' : 'leased to be read', {
    permit,
    signature: signing.sign(permitText(permit)),
    key_id: signing.keyId,
  })
}

/** A lease that ran out without a word may have written. In place. */
export function free(state: AutopilotState, action: Action): void {
  if (action.lease === null || isLeased(action, state.now)) return
  action.unsettled ||= action.lease.mode === 'WRITE'
  action.lease = null
}

/** What a rollback of ours is exempt from; under the tenant's kill switch one that an ADMIN asked for then. */
const exemptionOf = (action: Action): string | null =>
  action.isForced ? UNDER_KILL_SWITCH : action.reverts === null ? null : 'ROLLBACK'

/** Kill switch, gate and enforcement at this moment. @throws a refusal: it stays approved, and may be asked for again */
function mayWrite(state: AutopilotState, action: Action, { gate, enforcement }: Decided): void {
  const isRollback = action.reverts !== null
  if (state.isEngaged && !action.isForced) throw refusal('KILL_SWITCH_ENGAGED', 'the kill switch is engaged')
  const isShut = action.approved_how === 'automatic' ? gate.final !== 'PASS' : gate.final === 'BLOCK'
  if (isShut && !action.isForced)
    throw refusal(
      'GATE_BLOCKED',
      `the gate is ${gate.final}: ${gate.caps.join(', ') || `score ${gate.score}`}`,
    )
  const confirmed = action.confirmed?.limits ?? []
  const isConfirmed = enforcement.violations.every(
    violation => violation.mode === 'ADVISORY' || confirmed.includes(limitOf(violation)),
  )
  const isHeld = enforcement.mode === 'HARD_BLOCK' || (!enforcement.allowed && !isConfirmed && !isRollback)
  if (isHeld)
    throw refusal('ENFORCEMENT_BLOCKED', enforcement.violations.map(({ message }) => message).join('; '))
}

type Decided = ReturnType<typeof decideAction>

function decidedNow({ state, command }: Asking, action: Action): Decided {
  const actor = { type: 'person', id: action.approved_by ?? '', role: '' } as const
  const { view, scope, rule, reverts } = action
  const change = asChange(action.change)
  const asked = { view: view!, change, scope, evidence: [], rule, actor, open_action: null, reverts }
  return decideAction(inputsOf(state, command.tenant_id, asked, state.now))
}

/** The gate decision the permit carries: the last one, which says until when it holds. */
function gateOf(state: AutopilotState, action: Action, { gate }: Decided): GateOfPermit {
  const gates = state.gates[action.change.platform]
  const inputs = gates?.inputs[action.scope][riskOf(action)]
  const isExempt = action.reverts !== null
  return {
    final: gate.final,
    // What a rollback is exempt from cannot run out under it.
    valid_until: isExempt
      ? state.now + settingsOf(state).lease_seconds * SECOND_US
      : heldUntil(state, action, gate.valid_until),
    inputs_hash: inputs === undefined ? null : inputsHash(inputs, gates!.settings.version),
  }
}

/** A person's approval needs a gate that is not shut: one that was not evaluated for a while holds, and is not shut. */
const heldUntil = (state: AutopilotState, action: Action, validUntil: number): number =>
  action.approved_how === 'person'
    ? Math.max(validUntil, state.now + settingsOf(state).lease_seconds * SECOND_US)
    : validUntil

const riskOf = (action: Action) => riskClassOf(action.change.type)
