/** Which call of the program a fault waits for. */
export type Point =
  /** A commit to the log. */
  | 'commit'
  /** An insert into the warehouse. */
  | 'insert'
  /** A statement that creates a database, a table or a view. */
  | 'create'
  /** The first thing a start does to its stores: reading back an open cut, an insert, a commit. */
  | 'recovery'

/** `inside`: in the transaction, before it commits. `during`: a time after the call began, from another thread. */
export type Phase = 'before' | 'inside' | 'during' | 'after'

/** From when calls count: the start, the record that ends the sync, or the wait for the last row. */
export type Since = 'start' | 'end' | 'drain'

/** The one moment in a life of the program at which it kills itself. */
export interface Trigger {
  readonly point: Point
  readonly phase: Phase
  readonly since: Since
  /** The call: 1 is the first. */
  readonly nth: number
  /** `during`: microseconds after the call began. `inside`: modulo 3, how many cells of the commit are written. */
  readonly delayUs: number
}

/** The environment variable it travels in, as JSON. Not a STRATUM_ one: the program knows nothing of it. */
export const TRIGGER = 'CHAOS_TRIGGER'

/** One byte each on file descriptor 3: what the harness is told. */
export const SIGNS = { commit: 'c', insert: 'i', fired: 'x' } as const
