import type { StageContext } from '../../engine/stage/stage.ts'
import type { SubjectView } from '../rules/model/subject.ts'
import { entityOf } from '../rules/model/subject.ts'
import type { Scope } from '../trust/model/gate/evidence.ts'
import { pairOf } from './deciding.ts'
import { type At, emitAction } from './emit.ts'
import type { ActionChange } from './kinds.ts'
import { type Action, isLeased, isOvertaken, isSame, move, type OfRule } from './model/action.ts'
import { release } from './model/blast/ledger.ts'
import type { Change } from './model/change.ts'
import { type Dismissal, isOpen } from './model/lifecycle.ts'
import { reserveFor } from './room.ts'
import { settingsOf } from './settings-of.ts'
import type { AutopilotState } from './state.ts'

const HOUR_US = 3_600_000_000

/** The open action of a type on an entity; undefined: there is none. */
export const openAction = (
  state: AutopilotState,
  of: Pick<ActionChange, 'entity' | 'type'>,
): Action | undefined =>
  Object.values(state.actions).find(action => isOpen(action.state) && isSame(action.change, of))

export interface NewAction {
  readonly id: string
  readonly view: SubjectView
  readonly change: Change
  readonly origin: Action['origin']
  readonly rule: OfRule | null
  readonly scope: Scope
  readonly by: string
  readonly decision_id: string
  readonly reverts?: string | null
  readonly isForced?: boolean
  readonly reason?: string | null
  readonly command?: string
}

/** A new action, queued; what waits to write the same the other way is overtaken by it. */
export function queue(state: AutopilotState, made: NewAction, at: At, ctx: StageContext): Action {
  const { id, view, change, origin, rule, scope, by, decision_id } = made
  const of = changeOf(view, change)
  for (const other of Object.values(state.actions))
    if (other.state === 'QUEUED' && isOvertaken(other.change, of))
      dismiss(state, other, 'SUPERSEDED', 'system', at, ctx, `by ${id}`)
  const action: Action = {
    id,
    change: of,
    origin,
    rule,
    scope,
    created_at: state.now,
    created_by: by,
    reverts: made.reverts ?? null,
    isForced: made.isForced ?? false,
    state: 'QUEUED',
    revision: 1,
    decision_id,
    expires_at: state.now + settingsOf(state).expiry_hours * HOUR_US,
    approved_by: null,
    approved_how: null,
    approved_at: null,
    confirmed: null,
    attempt: 1,
    tries: 0,
    lease: null,
    unsettled: false,
    code: null,
    message: null,
    reason: made.reason ?? null,
    ended_at: null,
    command: made.command ?? '',
    view: keptView(view),
  }
  state.actions[id] = action
  emitAction(state, action, by, at, ctx)
  return action
}

function changeOf(view: SubjectView, change: Change): ActionChange {
  const { platform, level, account_id, campaign_id, adset_id, ad_id } = view.subject
  const isMoney = change.field !== 'status'
  return {
    platform,
    level,
    account_id: account_id!,
    campaign_id,
    adset_id,
    ad_id,
    entity: entityOf(view.subject),
    type: change.type,
    field: change.field,
    currency: change.currency,
    before_micros: isMoney ? (change.before as number) : null,
    after_micros: isMoney ? (change.after as number) : null,
    before_status: isMoney ? null : (change.before as string),
    after_status: isMoney ? null : (change.after as string),
  }
}

/** Days of figures that are kept with an open action: what its limits look back over. */
const DAYS_KEPT = 12

export function keptView(view: SubjectView): SubjectView {
  const dates = Object.keys(view.days).sort().slice(-DAYS_KEPT)
  return { ...view, days: Object.fromEntries(dates.map(date => [date, view.days[date]!])) }
}

/** Approves, and reserves what it may change; a person's is counted, and never refused for it. */
export function approve(
  state: AutopilotState,
  action: Action,
  by: { readonly id: string; readonly how: 'automatic' | 'person'; readonly decision_id: string },
  at: At,
  ctx: StageContext,
): void {
  if (!move(action, 'approve')) return
  action.approved_by = by.id
  action.approved_how = by.how
  action.approved_at = state.now
  action.decision_id = by.decision_id
  if (action.reverts === null) reserveFor(state, action)
  emitAction(state, action, by.id, at, ctx)
}

/** Takes back what nobody is carrying out, and gives back its room. Whether it could be. */
export function dismiss(
  state: AutopilotState,
  action: Action,
  code: Dismissal,
  by: string,
  at: At,
  ctx: StageContext,
  message: string | null = null,
  reason: string | null = null,
): boolean {
  if (action.state === 'APPROVED' && (isLeased(action, state.now) || action.unsettled)) return false
  if (!move(action, action.state === 'APPROVED' ? 'withdraw' : 'dismiss')) return false
  release(state.ledger, action.id)
  end(state, action, code, message)
  action.reason = reason ?? action.reason
  emitAction(state, action, by, at, ctx)
  return true
}

/** It is over: nothing is held for it any more but its place in the record. */
export function end(
  state: AutopilotState,
  action: Action,
  code: string | null,
  message: string | null,
): void {
  action.code = code
  action.message = message
  action.lease = null
  action.ended_at = state.now
  if (action.rule !== null && code !== 'SHADOW')
    state.cooldowns[pairOf(action.rule.id, action.change.entity)] = state.now + action.rule.cooldown_us
}
