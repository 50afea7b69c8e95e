import type { Command } from '../../engine/command/command.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { emitAudit } from '../audit/emit.ts'
import { answer, type RefusalCode } from '../commands/answer.ts'
import { bodyOf } from '../commands/body.ts'
import { may, refusalOf } from '../roles.ts'
import type { At } from './emit.ts'
import type { Action } from './model/action.ts'
import { movesFrom } from './model/lifecycle.ts'
import { refused } from './model/refusal.ts'
import { type AutopilotState, pass } from './state.ts'

/** A command in hand: who asks, and how it is answered. */
export interface Asking {
  readonly state: AutopilotState
  readonly command: Command
  readonly body: Readonly<Record<string, unknown>>
  readonly at: At & { readonly event_id: string }
  readonly ctx: StageContext
  say(code: RefusalCode | null, message: string, body?: unknown): void
}

/** A handler of a command; what it throws as a refusal is its answer. */
export type Handler = (asking: Asking) => void

/** Reads a command, holds it to its role, and answers it. */
export function carry(
  state: AutopilotState,
  command: Command,
  handler: Handler,
  permission: string | null,
  ctx: StageContext,
): void {
  const { tenant_id, event_id, event_time, ingest_time, actor, role } = command
  const say: Asking['say'] = (code, message, body = {}) => answer(command, { code, message, body }, ctx)
  if (permission !== null && !may(role, permission))
    return say('FORBIDDEN', refusalOf(role, permission, actor))
  // The clock of who may not ask is nobody's: it would make all that is open run out.
  if (permission !== null) pass(state, event_time)
  const body = bodyOf(command)
  if (body === null) return say('VALIDATION_ERROR', 'the body of a command is an object in JSON')
  try {
    handler({ state, command, body, at: { tenant_id, event_id, event_time, ingest_time }, ctx, say })
  } catch (error) {
    const refusal = refused(error)
    if (refusal === null) throw error
    say(refusal.code, refusal.message, refusal.body)
  }
}

/** What an answer says of an action. */
export const shown = (action: Action) => ({
  action_id: action.id,
  state: action.state,
  revision: action.revision,
  attempt: action.attempt,
  entity: action.change.entity,
  type: action.change.type,
  before: action.change.before_micros ?? action.change.before_status,
  after: action.change.after_micros ?? action.change.after_status,
  currency: action.change.currency,
  decision_id: action.decision_id,
  moves: movesFrom(action.state),
})

/** A person tried what a hard limit forbids: it is written down (product.md §4.4). */
export function auditAttempt(
  { state, command, at, ctx }: Asking,
  decision_id: string,
  action: string | null,
): void {
  emitAudit(state, ctx, {
    ...at,
    kind: 'OVERRIDE_ATTEMPT',
    body: {
      decision_id,
      action_id: action,
      actor: command.actor,
      role: command.role,
      command: command.command,
    },
  })
}
