import type { Command } from '../../engine/command/command.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { approveAction } from './approving.ts'
import { type Asking, carry } from './asking.ts'
import { dismissAction } from './dismissing.ts'
import type { ChangeAsked } from './handed.ts'
import { refusal } from './model/refusal.ts'
import { check, queueAction, readChange } from './proposing.ts'
import { retryAction } from './retrying.ts'
import { rollBack } from './rolling-back.ts'
import type { AutopilotState } from './state.ts'

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
