import { type Asking, shown } from './asking.ts'
import { movesFrom } from './model/lifecycle.ts'
import { refusal } from './model/refusal.ts'
import { dismiss } from './moving.ts'
import { actionOf, invalid } from './verdict.ts'

/** A person takes an action back that nobody is carrying out. */
export function dismissAction(asking: Asking): void {
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
