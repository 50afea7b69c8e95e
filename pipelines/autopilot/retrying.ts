import { type Asking, shown } from './asking.ts'
import { emitAction } from './emit.ts'
import { asChange, move } from './model/action.ts'
import { type Change, presentOf } from './model/change.ts'
import { refusal } from './model/refusal.ts'
import { openAction } from './moving.ts'
import { settingsOf } from './settings-of.ts'
import { actionOf, decideFor, invalid, verdictOf } from './verdict.ts'

/** Queued again from what is there now. */
export function retryAction(asking: Asking): void {
  const { state, command, at, ctx, say } = asking
  const action = actionOf(asking)
  if (action.command === command.event_id) return say(null, 'as before', shown(action))
  if (action.state !== 'FAILED') throw invalid(action, 'queued again')
  const open = openAction(state, action.change)
  if (open) throw refusal('CONFLICT', `an action of this kind is open already: ${open.id}`, shown(open))
  const { field } = action.change
  const { view } = action
  const before = presentOf(view!, field)
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
    retried_by: command.actor,
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
    // What an ADMIN was let do under the switch is not inherited by who tries again.
    isForced: false,
    decision_id: recorded.decision_id,
    expires_at: state.now + settingsOf(state).expiry_hours * 3_600_000_000,
    command: command.event_id,
  })
  emitAction(state, action, command.actor, at, ctx)
  say(null, 'queued again', { ...shown(action), ...verdictOf(recorded) })
}
