import { type Asking, auditAttempt, shown } from './asking.ts'
import { confirmedOf, limitOf, tokenOf } from './confirming.ts'
import { inputsOf } from './deciding.ts'
import { asChange } from './model/action.ts'
import { decideAction } from './model/decide.ts'
import { tokenEnds, tokenId, tokenProblem } from './model/enforcement/token.ts'
import { refusal } from './model/refusal.ts'
import { approve, dismiss } from './moving.ts'
import { settingsOf } from './settings-of.ts'
import { actionOf, decideFor, explained, invalid, verdictOf } from './verdict.ts'

const LEAST_REASON = 10

/** A person lets a queued action run: the gate must not block it, a soft limit takes a token and a reason. */
export function approveAction(asking: Asking, tokenKey: () => string): void {
  const { state, command, body, at, ctx, say } = asking
  const action = actionOf(asking)
  if (action.state === 'APPROVED') return say(null, 'approved already', shown(action))
  if (action.state !== 'QUEUED') throw invalid(action, 'approved')
  if (state.now >= action.expires_at) {
    dismiss(state, action, 'EXPIRED', 'system', at, ctx)
    throw invalid(action, 'approved')
  }
  if (settingsOf(state).four_eyes && [action.created_by, action.retried_by].includes(command.actor))
    throw refusal('FORBIDDEN', `four eyes: ${command.actor} queued it, somebody else approves it`)
  const view = action.view!
  const change = asChange(action.change)
  const token = typeof body.token === 'string' ? body.token : null
  const actor = { type: 'person', id: command.actor, role: command.role } as const
  const of = { view, change, scope: action.scope, evidence: [], rule: action.rule, actor, open_action: null }
  const { enforcement } = decideAction(inputsOf(state, command.tenant_id, of, state.now))
  const confirmed = confirmedOf(state, command.tenant_id, change, view, enforcement)
  const problem = enforcement.requires_confirmation
    ? tokenProblem(token, confirmed, {
        key: tokenKey(),
        now: state.now,
        isUsed: id => Object.hasOwn(state.tokens, id),
      })
    : null
  const isConfirmed = enforcement.requires_confirmation && problem === null
  const recorded = decideFor(asking, view, change, {
    open_action: null,
    action_id: action.id,
    of: action,
    is_confirmed: isConfirmed,
  })
  const { decided } = recorded
  if (decided.gate.caps.includes('KILL_SWITCH_ENGAGED'))
    throw refusal('KILL_SWITCH_ENGAGED', 'the kill switch is engaged', verdictOf(recorded))
  if (decided.gate.final === 'BLOCK')
    throw refusal(
      'GATE_BLOCKED',
      `the trust gate blocks it: ${decided.gate.caps.join(', ')}`,
      verdictOf(recorded),
    )
  if (enforcement.mode === 'HARD_BLOCK') {
    auditAttempt(asking, recorded.decision_id, action.id)
    throw refusal('ENFORCEMENT_BLOCKED', explained(recorded), verdictOf(recorded))
  }
  if (problem !== null)
    throw refusal('ENFORCEMENT_BLOCKED', `${problem}: ${explained(recorded)}`, {
      ...verdictOf(recorded),
      ...tokenOf(state, command, change, view, enforcement, tokenKey),
    })
  if (isConfirmed) {
    if ((command.reason ?? '').trim().length < LEAST_REASON)
      throw refusal(
        'VALIDATION_ERROR',
        `/reason has at least ${LEAST_REASON} characters where a limit is overridden`,
      )
    state.tokens[tokenId(token!)] = tokenEnds(token!)
    action.confirmed = { reason: command.reason!, limits: enforcement.violations.map(limitOf) }
  }
  action.command = command.event_id
  approve(state, action, { id: command.actor, how: 'person', decision_id: recorded.decision_id }, at, ctx)
  say(null, 'approved', { ...shown(action), ...verdictOf(recorded) })
}
