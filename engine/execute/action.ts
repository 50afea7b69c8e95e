import type { InForce } from '../source/acting.ts'

/** What an executor reads of the record of an action (kind `action`); all else in it is the fold's. */
export interface ActionView {
  readonly tenant_id: string
  readonly action_id: string
  readonly state: string
  readonly platform: string
  readonly account_id: string
  readonly attempt: number
  readonly revision: number
  readonly lease_holder: string | null
  /** UTC microseconds. */
  readonly lease_until: number | null
  /** A write may have been made: it is read, and never written again before that. */
  readonly settle: boolean
  /** The action it takes back; null: none. */
  readonly reverts_action_id: string | null
}

/** Of a record of an action; null: it is in another state, and nothing to an executor. */
export const approved = (value: Readonly<Record<string, unknown>>): ActionView | null =>
  value.state === 'APPROVED' ? (value as unknown as ActionView) : null

export const ACTION_KIND = 'action'

/** Whether nobody is at it. @param now UTC microseconds */
export const isFree = ({ lease_until: until }: ActionView, now: number): boolean =>
  until === null || until <= now

/** It may be settled by reading alone: somebody had it before. */
export const maySettle = ({ settle, lease_holder }: ActionView): boolean => settle || lease_holder !== null

export const isRollback = ({ reverts_action_id: reverts }: ActionView): boolean =>
  reverts !== null && reverts !== undefined

/** Limits of a platform are those of its accounts: one change at a time. */
export const accountOf = ({ platform, account_id }: Pick<ActionView, 'platform' | 'account_id'>): string =>
  `${platform}/${account_id}`

export type Field = 'status' | 'budget' | 'bid'

/** How connectors call what is changed: by convention of plugins/actions/params.ts. */
const CHANGES = {
  status: { action: 'setStatus', name: 'status' },
  budget: { action: 'setBudget', name: 'budget_micros' },
  bid: { action: 'setBid', name: 'bid_micros' },
} as const satisfies Record<Field, { action: string; name: string }>

export interface Change {
  readonly field: Field
  readonly level: string
  readonly id: string
  readonly before: string | number | null
  readonly after: string | number
  readonly currency: string | null
}

/** What a connector is asked, and what it has to find. */
export interface Asked {
  readonly action: string
  readonly params: Readonly<Record<string, unknown>>
  readonly expected: InForce
  /** What it comes to. */
  readonly wanted: InForce
}

export function askedOf({ field, level, id, before, after, currency }: Change): Asked {
  const { action, name } = CHANGES[field]
  return {
    action,
    params: {
      ...(field === 'bid' ? {} : { level }),
      id,
      [name]: after,
      ...(field === 'status' ? {} : { currency }),
    },
    expected: { [name]: before },
    wanted: { [name]: after },
  }
}
