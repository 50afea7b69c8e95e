import { deterministicId } from '../../engine/codec/ids.ts'
import type { Command } from '../../engine/command/command.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { entityOf, type SubjectView } from '../rules/model/subject.ts'
import { ACTION_TYPES, type ActionType } from '../trust/model/actions.ts'
import { type Asking, auditAttempt, carry, shown } from './asking.ts'
import { decideAndRecord, inputsOf, type Recorded } from './deciding.ts'
import { emitAction } from './emit.ts'
import type { ChangeAsked } from './handed.ts'
import type { Action } from './model/action.ts'
import { asChange, move } from './model/action.ts'
import { type Change, fieldOf, levelOf, reverseOf } from './model/change.ts'
import { decideAction } from './model/decide.ts'
import type { Enforced } from './model/enforcement/enforce.ts'
import { type Confirmed, tokenEnds, tokenFor, tokenId, tokenProblem } from './model/enforcement/token.ts'
import { movesFrom } from './model/lifecycle.ts'
import { refusal } from './model/refusal.ts'
import { approve, dismiss, openAction, queue } from './moving.ts'
import { settingsOf } from './settings-of.ts'
import type { AutopilotState } from './state.ts'

const LEAST_REASON = 10

/** What people ask for by commands; each is answered by a result. */
export function takeCommand(
  state: AutopilotState,
  command: Command,
  tokenKey: () => string,
  ctx: StageContext,
): boolean {
  const handlers: Readonly<Record<string, (asking: Asking) => void>> = {
    'autopilot.approve': asking => approveAction(asking, tokenKey),
    'autopilot.dismiss': dismissAction,
    'autopilot.retry': asking => retryAction(asking),
    'autopilot.rollback': rollBack,
  }
  if (!Object.hasOwn(handlers, command.command)) return false
  carry(state, command, handlers[command.command]!, command.command, ctx)
  return true
}

/** `autopilot.queue` and `autopilot.check`: a change of an entity, as it is seen now. */
export function takeAsked(
  state: AutopilotState,
  asked: ChangeAsked,
  tokenKey: () => string,
  ctx: StageContext,
): void {
  const { command, view, entity } = asked
  const isCheck = command.command === 'autopilot.check'
  carry(
    state,
    command,
    asking => {
      if (view === null)
        throw refusal(
          'NOT_FOUND',
          `nothing is known of ${entity === '' ? 'an entity: say which, as meta:ACCOUNT:CAMPAIGN' : entity}`,
        )
      const change = readChange(asking.body, view)
      if (isCheck) check(asking, view, change, tokenKey)
      else queueAction(asking, view, change)
    },
    command.command,
    ctx,
  )
}

/** @throws a refusal: what is wrong with it, and where */
function readChange(body: Readonly<Record<string, unknown>>, view: SubjectView): Change {
  const { action, to } = body
  const type = ACTION_TYPES.find(known => known === action)
  if (type === undefined)
    throw refusal('VALIDATION_ERROR', `/action must be one of ${ACTION_TYPES.join(', ')}`)
  const { level } = view.subject
  const needed = levelOf(type)
  const field = fieldOf(type)
  const fits = needed === null ? (field === 'bid' ? level === 'adset' : level !== 'ad') : level === needed
  if (!fits || level === 'platform' || level === 'account')
    throw refusal('VALIDATION_ERROR', `/action ${type} is nothing for ${level} ${entityOf(view.subject)}`)
  if (field === 'status') return statusChange(type, view)
  const before = field === 'budget' ? view.budget_micros : view.bid_micros
  if (before === null || view.currency === null)
    throw refusal('CONFLICT', `the present ${field} of ${entityOf(view.subject)} is not known`)
  if (typeof to !== 'number' || !Number.isFinite(to) || to <= 0)
    throw refusal('VALIDATION_ERROR', `/to is the new ${field} in ${view.currency}, above 0`)
  const after = Math.round(to * 1e6)
  if (!Number.isSafeInteger(after)) throw refusal('VALIDATION_ERROR', '/to is too much')
  if (type.endsWith('_INCREASE') ? after <= before : after >= before)
    throw refusal(
      'VALIDATION_ERROR',
      `/to ${to} is no ${type.toLowerCase().replace('_', ' ')}: it is ${before / 1e6} ${view.currency} now`,
    )
  return { type, field, before, after, currency: view.currency }
}

function statusChange(type: ActionType, view: SubjectView): Change {
  const after = type.endsWith('_PAUSE') ? 'PAUSED' : 'ACTIVE'
  if (view.status === null) throw refusal('CONFLICT', `the status of ${entityOf(view.subject)} is not known`)
  if (view.status === after) throw refusal('CONFLICT', `${entityOf(view.subject)} is ${after} already`)
  return { type, field: 'status', before: view.status, after, currency: view.currency }
}

function decideFor(
  asking: Asking,
  view: SubjectView,
  change: Change,
  more: {
    readonly open_action: string | null
    readonly action_id: string | null
    readonly is_confirmed?: boolean
    readonly reverts?: string | null
    readonly of?: Action
  },
): Recorded {
  const { state, command, at, ctx } = asking
  const { of, ...rest } = more
  return decideAndRecord(
    state,
    {
      view,
      change,
      scope: of?.scope ?? 'all',
      evidence: [],
      rule: of?.rule ?? null,
      actor: { type: 'person', id: command.actor, role: command.role },
      ...rest,
    },
    at,
    ctx,
  )
}

function check(asking: Asking, view: SubjectView, change: Change, tokenKey: () => string): void {
  const { state, command, say } = asking
  const open = openAction(state, { entity: entityOf(view.subject), type: change.type })
  const recorded = decideFor(asking, view, change, { open_action: open?.id ?? null, action_id: null })
  say(null, recorded.explanation, {
    ...verdictOf(recorded),
    ...tokenOf(state, command, change, view, recorded.decided.enforcement, tokenKey),
  })
}

const verdictOf = ({ decided, decision_id }: Recorded) => ({
  allowed: decided.causes.length === 0,
  outcome: decided.outcome,
  causes: decided.causes,
  mode: decided.enforcement.mode,
  violations: decided.enforcement.violations,
  warnings: decided.enforcement.warnings,
  requires_confirmation: decided.enforcement.requires_confirmation,
  gate: decided.gate,
  decision_id,
})

const confirmedOf = (
  state: AutopilotState,
  tenant: string,
  change: Change,
  view: SubjectView,
  { violations }: Enforced,
): Confirmed => ({
  tenant,
  action: { ...change, entity: entityOf(view.subject) },
  settings_version: state.settings.version,
  violations,
})

function tokenOf(
  state: AutopilotState,
  command: Command,
  change: Change,
  view: SubjectView,
  enforcement: Enforced,
  tokenKey: () => string,
) {
  if (!enforcement.requires_confirmation) return {}
  const { token, expires_at } = tokenFor(confirmedOf(state, command.tenant_id, change, view, enforcement), {
    key: tokenKey(),
    nonce: command.event_id,
    now: state.now,
    minutes: settingsOf(state).confirmation_minutes,
  })
  return { confirmation_token: token, confirmation_expires_at: new Date(expires_at / 1000).toISOString() }
}

function queueAction(asking: Asking, view: SubjectView, change: Change): void {
  const { state, command, at, ctx, say } = asking
  const made = Object.values(state.actions).find(action => action.command === command.event_id)
  if (made) return say(null, 'as before', shown(made))
  const open = openAction(state, { entity: entityOf(view.subject), type: change.type })
  if (open)
    throw refusal(
      'CONFLICT',
      `an action of this kind is open already: ${open.id} (${open.state})`,
      shown(open),
    )
  const id = deterministicId(command.tenant_id, command.event_id, 'action')
  const recorded = decideFor(asking, view, change, { open_action: null, action_id: id })
  if (recorded.decided.causes.includes('QUEUE_FULL'))
    throw refusal('RATE_LIMITED', 'too many actions are open: approve or dismiss some')
  const action = queue(
    state,
    {
      id,
      view,
      change,
      origin: 'person',
      rule: null,
      scope: 'all',
      by: command.actor,
      decision_id: recorded.decision_id,
      reason: command.reason,
      command: command.event_id,
    },
    at,
    ctx,
  )
  say(null, 'queued: it waits for approval', { ...shown(action), ...verdictOf(recorded) })
}

/** @throws a refusal: there is none of that name */
function actionOf({ state, body }: Asking): Action {
  const id = body.action_id
  const action = typeof id === 'string' && Object.hasOwn(state.actions, id) ? state.actions[id] : undefined
  if (!action)
    throw refusal('NOT_FOUND', 'there is no such action: `stratum autopilot queue` shows those that are open')
  return action
}

const invalid = (action: Action, wanted: string) =>
  refusal(
    'INVALID_STATE',
    `action ${action.id} is ${action.state}: it cannot be ${wanted}; allowed: ${movesFrom(action.state).join(', ') || 'nothing'}`,
    shown(action),
  )

function approveAction(asking: Asking, tokenKey: () => string): void {
  const { state, command, body, at, ctx, say } = asking
  const action = actionOf(asking)
  if (action.state === 'APPROVED') return say(null, 'approved already', shown(action))
  if (action.state !== 'QUEUED') throw invalid(action, 'approved')
  if (state.now >= action.expires_at) {
    dismiss(state, action, 'EXPIRED', 'system', at, ctx)
    throw invalid(action, 'approved')
  }
  if (settingsOf(state).four_eyes && action.created_by === command.actor)
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
    action.confirmed = command.reason
  }
  action.command = command.event_id
  approve(state, action, { id: command.actor, how: 'person', decision_id: recorded.decision_id }, at, ctx)
  say(null, 'approved', { ...shown(action), ...verdictOf(recorded) })
}

const explained = ({ decided }: Recorded): string =>
  decided.enforcement.violations.map(({ message }) => message).join('; ')

function dismissAction(asking: Asking): void {
  const { state, command, at, ctx, say } = asking
  const action = actionOf(asking)
  if (action.state === 'DISMISSED') return say(null, 'dismissed already', shown(action))
  if (!movesFrom(action.state).some(by => by === 'dismiss' || by === 'withdraw'))
    throw invalid(action, 'dismissed')
  if ((command.reason ?? '').trim() === '') throw refusal('VALIDATION_ERROR', '/reason is missing: say why')
  if (!dismiss(state, action, 'PERSON', command.actor, at, ctx, null, command.reason))
    throw refusal('INVALID_STATE', `action ${action.id} is being carried out`, shown(action))
  say(null, 'dismissed', shown(action))
}

/** Queued again from what is there now. */
function retryAction(asking: Asking): void {
  const { state, command, at, ctx, say } = asking
  const action = actionOf(asking)
  if (action.command === command.event_id) return say(null, 'as before', shown(action))
  if (action.state !== 'FAILED') throw invalid(action, 'queued again')
  const open = openAction(state, action.change)
  if (open) throw refusal('CONFLICT', `an action of this kind is open already: ${open.id}`, shown(open))
  const { field } = action.change
  const { view } = action
  const before =
    field === 'status' ? view!.status : field === 'budget' ? view!.budget_micros : view!.bid_micros
  if (before === null) throw refusal('CONFLICT', 'its present value is not known')
  const change: Change = { ...asChange(action.change), before }
  if (before === change.after) throw refusal('CONFLICT', 'what it wants is in force already', shown(action))
  const recorded = decideFor(asking, view!, change, { open_action: null, action_id: action.id, of: action })
  move(action, 'retry')
  const isMoney = field !== 'status'
  Object.assign(action, {
    change: {
      ...action.change,
      ...(isMoney ? { before_micros: before } : { before_status: before }),
    },
    attempt: action.attempt + 1,
    tries: 0,
    unsettled: false,
    code: null,
    message: null,
    ended_at: null,
    approved_by: null,
    approved_how: null,
    approved_at: null,
    confirmed: null,
    decision_id: recorded.decision_id,
    expires_at: state.now + settingsOf(state).expiry_hours * 3_600_000_000,
    command: command.event_id,
  })
  emitAction(state, action, command.actor, at, ctx)
  say(null, 'queued again', { ...shown(action), ...verdictOf(recorded) })
}

/** A new action that writes back what one of ours has changed; approved by who asks for it. */
function rollBack(asking: Asking): void {
  const { state, command, at, ctx, say } = asking
  const action = actionOf(asking)
  const made = Object.values(state.actions).find(other => other.command === command.event_id)
  if (made) return say(null, 'as before', shown(made))
  if (action.state !== 'APPLIED') throw invalid(action, 'rolled back')
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
  const id = deterministicId(command.tenant_id, command.event_id, 'action')
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
  approve(state, back, { id: command.actor, how: 'person', decision_id: recorded.decision_id }, at, ctx)
  say(null, 'approved: it is written back', { ...shown(back), reverts_action_id: action.id })
}
