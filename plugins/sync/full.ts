import type { Position } from '../http/paging/paging.ts'
import type { Cursor, Timed } from './cursor.ts'

export interface FullState {
  readonly version: 1
  /** The page at which a run that was cut off goes on; null: the next run begins anew. */
  readonly next: Position | null
}

/** All of it, at every run: for what a platform cannot tell the changes of. */
export function full<Context extends Timed>(): Cursor<null, FullState, Context> {
  return {
    field: null,
    async *spans(_, state) {
      yield { slice: null, from: state?.next ?? null, at: next => ({ version: 1, next }) }
    },
  }
}
