import { deterministicId } from '../../engine/codec/ids.ts'
import { riskClassOf } from '../trust/model/actions.ts'
import { type Asking, auditAttempt, shown } from './asking.ts'
import { asChange } from './model/action.ts'
import { type Change, reverseOf } from './model/change.ts'
import { refusal } from './model/refusal.ts'
import { approve, openAction, queue } from './moving.ts'
import { settingsOf } from './settings-of.ts'
import { actionOf, decideFor, explained, invalid, verdictOf } from './verdict.ts'

/**
 * A new action that writes back what one of ours has changed; approved by who asks for it. With four eyes one that raises
 * risk waits for somebody else, but for what an ADMIN does under the kill switch.
 */
export function rollBack(asking: Asking): void {
  const { state, command, at, ctx, say } = asking
  const action = actionOf(asking)
  const id = deterministicId(command.tenant_id, command.event_id, 'action')
  const made = state.actions[id]
  if (made) return say(null, 'as before', shown(made))
  if (action.state !== 'APPLIED') throw invalid(action, 'rolled back')
  // It would be a change that takes no room: what is wanted instead is queued like any other.
  if (action.reverts !== null)
    throw refusal('CONFLICT', `${action.id} takes another back itself: queue the change that you want`)
  const later = Object.values(state.actions).find(
    other =>
      other.id !== action.id &&
      other.state === 'APPLIED' &&
      other.change.entity === action.change.entity &&
      other.change.field === action.change.field &&
      other.ended_at! > action.ended_at!,
  )
  if (later) throw refusal('CONFLICT', `${later.id} has changed it since: roll that one back`, shown(later))
  const of = asChange(action.change)
  const change: Change = { ...of, type: reverseOf(of.type), before: of.after, after: of.before }
  const open = openAction(state, { entity: action.change.entity, type: change.type })
  if (open) throw refusal('CONFLICT', `an action of this kind is open already: ${open.id}`, shown(open))
  const isForced = state.isEngaged && command.role === 'ADMIN' && (command.reason ?? '').trim() !== ''
  if (state.isEngaged && !isForced)
    throw refusal('KILL_SWITCH_ENGAGED', 'under the kill switch an ADMIN rolls back, with a reason')
  const recorded = decideFor(asking, action.view!, change, {
    open_action: null,
    action_id: id,
    reverts: action.id,
    is_confirmed: true,
  })
  const { decided } = recorded
  if (decided.enforcement.mode === 'HARD_BLOCK') {
    auditAttempt(asking, recorded.decision_id, id)
    throw refusal('ENFORCEMENT_BLOCKED', explained(recorded), verdictOf(recorded))
  }
  if (decided.gate.final === 'BLOCK' && !isForced)
    throw refusal(
      'GATE_BLOCKED',
      `the trust gate blocks it: ${decided.gate.caps.join(', ')}`,
      verdictOf(recorded),
    )
  const back = queue(
    state,
    {
      id,
      view: action.view!,
      change,
      origin: 'rollback',
      rule: null,
      scope: action.scope,
      by: command.actor,
      decision_id: recorded.decision_id,
      reverts: action.id,
      isForced,
      reason: command.reason,
      command: command.event_id,
    },
    at,
    ctx,
  )
  const answer = { ...shown(back), reverts_action_id: action.id }
  if (settingsOf(state).four_eyes && riskClassOf(change.type) === 'risk_increasing' && !isForced)
    return say(null, 'queued: four eyes, somebody else approves it', answer)
  approve(state, back, { id: command.actor, how: 'person', decision_id: recorded.decision_id }, at, ctx)
  say(null, 'approved: it is written back', { ...answer, ...shown(back) })
}
