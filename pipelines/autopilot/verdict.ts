import type { SubjectView } from '../rules/model/subject.ts'
import { type Asking, shown } from './asking.ts'
import { decideAndRecord, type Recorded } from './deciding.ts'
import type { Action } from './model/action.ts'
import type { Change } from './model/change.ts'
import { movesFrom } from './model/lifecycle.ts'
import { refusal } from './model/refusal.ts'

/** Decides what a person asks for, and writes it down. */
export function decideFor(
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

/** What an answer says of a decision. */
export const verdictOf = ({ decided, decision_id }: Recorded) => ({
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

/** Everything that is violated, for a person. */
export const explained = ({ decided }: Recorded): string =>
  decided.enforcement.violations.map(({ message }) => message).join('; ')

/** @throws a refusal: there is none of that name */
export function actionOf({ state, body }: Asking): Action {
  const id = body.action_id
  const action = typeof id === 'string' && Object.hasOwn(state.actions, id) ? state.actions[id] : undefined
  if (!action)
    throw refusal(
      'NOT_FOUND',
      'there is no such action: `stratum autopilot status` shows those that are open',
    )
  return action
}

export const invalid = (action: Action, wanted: string) =>
  refusal(
    'INVALID_STATE',
    `action ${action.id} is ${action.state}: it cannot be ${wanted}; allowed: ${movesFrom(action.state).join(', ') || 'nothing'}`,
    shown(action),
  )
