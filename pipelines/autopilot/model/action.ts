import type { SubjectView } from '../../rules/model/subject.ts'
import type { Scope } from '../../trust/model/gate/evidence.ts'
import type { ActionChange } from '../kinds.ts'
import type { Change } from './change.ts'
import type { Move, State } from './lifecycle.ts'
import { moved } from './lifecycle.ts'

/** The rule an action came of, as far as it is needed after the match. */
export interface OfRule {
  readonly id: string
  readonly version: number
  readonly hash: string
  readonly mode: 'off' | 'shadow' | 'suggest' | 'auto'
  readonly overrides: Readonly<Record<string, string>>
  readonly cooldown_us: number
}

/** Who may write it now. */
export interface Lease {
  readonly holder: string
  /** UTC microseconds. */
  readonly until: number
  readonly mode: 'WRITE' | 'SETTLE'
}

/** An action of a tenant as the fold keeps it. Plain JSON; times are UTC microseconds. */
export interface Action {
  readonly id: string
  readonly change: ActionChange
  readonly origin: 'rule' | 'person' | 'rollback'
  readonly rule: OfRule | null
  /** Of the evidence it rests on. */
  readonly scope: Scope
  readonly created_at: number
  readonly created_by: string
  /** Who queued it again; left out: nobody has. */
  retried_by?: string
  readonly reverts: string | null
  /** An ADMIN asked for it with a reason while the kill switch was engaged. */
  readonly isForced: boolean
  state: State
  revision: number
  decision_id: string
  expires_at: number
  approved_by: string | null
  approved_how: 'automatic' | 'person' | null
  approved_at: number | null
  /** With what reason a person approved over a soft violation; null: none had to be. */
  confirmed: { readonly reason: string; readonly limits: readonly string[] } | null
  attempt: number
  /** Tries of this attempt that ended without a write. */
  tries: number
  lease: Lease | null
  /** Nobody knows whether the last lease wrote. */
  unsettled: boolean
  code: string | null
  message: string | null
  reason: string | null
  ended_at: number | null
  /** The last command that moved it: sent again it is answered again. */
  command: string
  /** The subject as it was seen last, while the action is open. */
  view: SubjectView | null
}

export const asChange = (of: ActionChange): Change => ({
  type: of.type,
  field: of.field,
  before: (of.field === 'status' ? of.before_status : of.before_micros)!,
  after: (of.field === 'status' ? of.after_status : of.after_micros)!,
  currency: of.currency,
})

/** Moves an action, in place. @returns false: it may not, and nothing was changed */
export function move(action: Action, by: Move): boolean {
  const to = moved(action.state, by)
  if (to === null) return false
  action.state = to
  action.revision++
  return true
}

/** Whether a lease is running. */
export const isLeased = ({ lease }: Action, now: number): boolean => lease !== null && now < lease.until

/** One open action of a type on an entity; a second one is refused (product.md §4.5). */
export const isSame = (a: ActionChange, b: Pick<ActionChange, 'entity' | 'type'>): boolean =>
  a.entity === b.entity && a.type === b.type

/** What waits for a person to write the same field of the same entity is overtaken by something newer. */
export const isOvertaken = (a: ActionChange, by: Pick<ActionChange, 'entity' | 'type' | 'field'>): boolean =>
  a.entity === by.entity && a.field === by.field && a.type !== by.type

/** The same for every try of one attempt, and for nothing else. */
export const idempotencyKey = (action: Pick<Action, 'id' | 'attempt'>): string =>
  `${action.id}.${action.attempt}`
