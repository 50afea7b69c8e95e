/** States of an action, and who may move it where. Source: product.md §4.5. */
export const STATES = ['QUEUED', 'APPROVED', 'APPLIED', 'FAILED', 'DISMISSED'] as const
export type State = (typeof STATES)[number]

/** Everything that moves an action. */
export const MOVES = ['approve', 'dismiss', 'apply', 'fail', 'retry', 'withdraw'] as const
export type Move = (typeof MOVES)[number]

const TO: Readonly<Record<Move, { readonly from: State; readonly to: State }>> = {
  approve: { from: 'QUEUED', to: 'APPROVED' },
  dismiss: { from: 'QUEUED', to: 'DISMISSED' },
  /** Before a lease only. */
  withdraw: { from: 'APPROVED', to: 'DISMISSED' },
  apply: { from: 'APPROVED', to: 'APPLIED' },
  fail: { from: 'APPROVED', to: 'FAILED' },
  retry: { from: 'FAILED', to: 'QUEUED' },
}

/** The state after a move; null: it is forbidden from there. */
export const moved = (state: State, move: Move): State | null => {
  const { from, to } = TO[move]
  return state === from ? to : null
}

/** Whether a transition is one of the diagram's. */
export const isAllowed = (from: State | null, to: State): boolean =>
  from === null ? to === 'QUEUED' : Object.values(TO).some(move => move.from === from && move.to === to)

/** What may be done with an action in a state: for an answer to who asked for something else. */
export const movesFrom = (state: State): readonly Move[] => MOVES.filter(move => TO[move].from === state)

export const isOpen = (state: State): boolean => state === 'QUEUED' || state === 'APPROVED'

/** Why the system dismissed it. */
export type Dismissal = 'EXPIRED' | 'SUPERSEDED' | 'STALE' | 'SHADOW' | 'HOLDOUT' | 'WITHDRAWN' | 'PERSON'
