import { Packr } from 'msgpackr'

const packr = new Packr({ useRecords: false, moreTypes: false, int64AsType: 'number' })

/** A state as it is when it was stored and loaded again (`engine/state/keyed.ts`). */
export function kept<State>(state: State): State {
  return packr.unpack(packr.pack(state)) as State
}
