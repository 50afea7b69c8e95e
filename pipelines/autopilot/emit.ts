import { deterministicId } from '../../engine/codec/ids.ts'
import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { emitAudit } from '../audit/emit.ts'
import { ACTIONS_TOPIC, type ActionRecord, actionKind } from './kinds.ts'
import { type Action, idempotencyKey } from './model/action.ts'
import type { AutopilotState } from './state.ts'

/** When it happens, and in which record. */
export type At = Pick<BaseRecord, 'tenant_id' | 'event_time' | 'ingest_time'>

/** Writes an action as it is now: to those who carry it out, and to the audit log. */
export function emitAction(
  state: AutopilotState,
  action: Action,
  who: string,
  at: At,
  ctx: StageContext,
): void {
  const record = recordOf(action, at)
  ctx.emit(ACTIONS_TOPIC, actionKind, record, [at.tenant_id, action.id])
  emitAudit(state, ctx, {
    ...at,
    kind: `ACTION_${action.state}`,
    body: {
      action_id: action.id,
      revision: action.revision,
      decision_id: action.decision_id,
      entity: action.change.entity,
      type: action.change.type,
      before: text(action.change.before_micros ?? action.change.before_status),
      after: text(action.change.after_micros ?? action.change.after_status),
      attempt: action.attempt,
      lease: action.lease === null ? null : { holder: action.lease.holder, mode: action.lease.mode },
      code: action.code,
      reason: action.reason,
      actor: who,
    },
  })
}

/** Money as text: integers above 2^53 have no other form that all read alike. */
const text = (value: number | string | null): string | null => (value === null ? null : String(value))

function recordOf(action: Action, at: At): ActionRecord {
  const { change, rule, lease } = action
  return {
    ...at,
    event_id: deterministicId(at.tenant_id, action.id, 'action', action.revision),
    action_id: action.id,
    state: action.state,
    revision: action.revision,
    ...change,
    origin: action.origin,
    rule_id: rule?.id ?? null,
    rule_version: rule?.version ?? null,
    decision_id: action.decision_id,
    created_at: action.created_at,
    created_by: action.created_by,
    expires_at: action.expires_at,
    approved_by: action.approved_by,
    approved_how: action.approved_how,
    approved_at: action.approved_at,
    attempt: action.attempt,
    lease_holder: lease?.holder ?? null,
    lease_until: lease?.until ?? null,
    settle: action.unsettled,
    idempotency_key: idempotencyKey(action),
    reverts_action_id: action.reverts,
    code: action.code,
    message: action.message,
    reason: action.reason,
  }
}
