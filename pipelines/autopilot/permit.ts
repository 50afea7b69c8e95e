import type { Permit } from '../../engine/execute/permit.ts'
import type { Gate } from '../trust/model/level.ts'
import { type Action, asChange, idempotencyKey } from './model/action.ts'

/** The gate decision a write rests on. */
export interface GateOfPermit {
  readonly final: Gate
  /** UTC microseconds. */
  readonly valid_until: number
  readonly inputs_hash: string | null
}

/** What the permit of an action says besides what executors need: for whoever looks at it afterwards. */
export interface FullPermit extends Permit {
  readonly gate: GateOfPermit | null
  readonly entity: string
  readonly type: string
  readonly decision_id: string
  readonly settings_version: number
  readonly idempotency_key: string
}

/**
 * The permit of an action that has just been leased.
 * @param gate null: it only reads
 * @param exemption what a rollback is exempt from; null: from nothing
 */
export function permitOf(
  action: Action,
  tenant: string,
  gate: GateOfPermit | null,
  exemption: string | null,
  settingsVersion: number,
  now: number,
): FullPermit {
  const { change, lease } = action
  const { platform, level, account_id, campaign_id, adset_id, ad_id, entity, type, field, currency } = change
  const { before, after } = asChange(change)
  const { holder, until, mode } = lease!
  return {
    v: 1,
    tenant,
    action_id: action.id,
    attempt: action.attempt,
    mode,
    holder,
    ...{ platform, level, account_id, campaign_id, adset_id, ad_id, entity, type, field, currency },
    before,
    after,
    decision_id: action.decision_id,
    gate,
    settings_version: settingsVersion,
    exemption,
    idempotency_key: idempotencyKey(action),
    issued_at: now,
    lease_until: until,
    expires_at: gate === null ? until : Math.min(until, gate.valid_until),
  }
}
