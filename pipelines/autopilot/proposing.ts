import { deterministicId } from '../../engine/codec/ids.ts'
import { entityOf, type SubjectView } from '../rules/model/subject.ts'
import { ACTION_TYPES, type ActionType } from '../trust/model/actions.ts'
import { type Asking, shown } from './asking.ts'
import { tokenOf } from './confirming.ts'
import { type Change, fieldOf, levelOf } from './model/change.ts'
import { refusal } from './model/refusal.ts'
import { openAction, queue } from './moving.ts'
import { decideFor, verdictOf } from './verdict.ts'

/** @throws a refusal: what is wrong with it, and where */
export function readChange(body: Readonly<Record<string, unknown>>, view: SubjectView): Change {
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

/** What would be said to it. Nothing is queued; the decision is written down. */
export function check(asking: Asking, view: SubjectView, change: Change, tokenKey: () => string): void {
  const { state, command, say } = asking
  const open = openAction(state, { entity: entityOf(view.subject), type: change.type })
  const recorded = decideFor(asking, view, change, { open_action: open?.id ?? null, action_id: null })
  say(null, recorded.explanation, {
    ...verdictOf(recorded),
    ...tokenOf(state, command, change, view, recorded.decided.enforcement, tokenKey),
  })
}

/** @throws a refusal: one of its kind is open already */
export function queueAction(asking: Asking, view: SubjectView, change: Change): void {
  const { state, command, at, ctx, say } = asking
  // By its id: approved or leased, it was moved by other commands since.
  const id = deterministicId(command.tenant_id, command.event_id, 'action')
  const made = state.actions[id]
  if (made) return say(null, 'as before', shown(made))
  const open = openAction(state, { entity: entityOf(view.subject), type: change.type })
  if (open)
    throw refusal(
      'CONFLICT',
      `an action of this kind is open already: ${open.id} (${open.state})`,
      shown(open),
    )
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
