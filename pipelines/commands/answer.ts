import { deterministicId } from '../../engine/codec/ids.ts'
import { COMMAND_RESULTS, type Command, commandResultKind } from '../../engine/command/command.ts'
import type { StageContext } from '../../engine/stage/stage.ts'

/** Codes of product.md §4.12 that a command may be refused with. */
export type RefusalCode =
  | 'VALIDATION_ERROR'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'INVALID_STATE'
  | 'ENFORCEMENT_BLOCKED'
  | 'GATE_BLOCKED'
  | 'KILL_SWITCH_ENGAGED'
  | 'RATE_LIMITED'
  | 'DEPENDENCY_DOWN'

export interface Answer {
  /** Null: accepted. */
  readonly code: RefusalCode | null
  readonly message: string
  readonly body: unknown
}

/** Answers a command, whatever came of it; one answer a command. */
export function answer(command: Command, { code, message, body }: Answer, ctx: StageContext): void {
  const { tenant_id, event_id, event_time, ingest_time } = command
  ctx.emit(
    COMMAND_RESULTS,
    commandResultKind,
    {
      tenant_id,
      event_id: deterministicId(tenant_id, event_id, 'result'),
      event_time,
      ingest_time,
      command_id: event_id,
      command: command.command,
      actor: command.actor,
      reason: command.reason,
      accepted: code === null,
      code,
      message,
      body: JSON.stringify(body),
    },
    [tenant_id, event_id],
  )
}
