import type { BinaryDb } from './env.ts'

/** The last key of a table of state in [from, to), without the number of its store. */
export function lastKey(state: BinaryDb, from: Buffer, to: Buffer): Buffer | undefined {
  // Backwards the first bound is included: `to` itself is passed over.
  for (const key of state.getKeys({ start: to, end: from, reverse: true, limit: 2 })) {
    if (key.compare(to) >= 0) continue
    return key.compare(from) >= 0 ? key.subarray(4) : undefined
  }
  // Backwards the last bound is not.
  return state.doesExist(from) ? from.subarray(4) : undefined
}
