import type { CommitUnit, StateChange, StateReader } from '../../port.ts'

type StatePart = NonNullable<CommitUnit['state']>[number]

/**
 * The changes of several units as one: the last of each key. A range that is deleted becomes its keys, since a
 * changelog knows no ranges; `committed` tells which there are.
 */
export function mergeState(
  parts: readonly StatePart[],
  committed: (store: string) => StateReader,
): Map<string, readonly StateChange[]> {
  const merged = new Map<string, Map<string, StateChange>>()
  const single = new Map<string, StatePart>()
  for (const part of parts) {
    const { store } = part
    if (!merged.has(store) && !single.has(store) && !part.deleteRanges?.length) {
      single.set(store, part)
      continue
    }
    let changes = merged.get(store)
    if (!changes) {
      changes = new Map()
      merged.set(store, changes)
      const first = single.get(store)
      single.delete(store)
      if (first) add(changes, first, committed)
    }
    add(changes, part, committed)
  }
  const out = new Map<string, readonly StateChange[]>()
  // Most stores have one part a transaction: nothing to merge.
  for (const [store, { changes }] of single) out.set(store, changes)
  for (const [store, changes] of merged) out.set(store, [...changes.values()])
  return out
}

function add(
  into: Map<string, StateChange>,
  { store, changes, deleteRanges = [] }: StatePart,
  committed: (store: string) => StateReader,
): void {
  for (const [from, to] of deleteRanges) {
    const [low, high] = [from.toString('latin1'), to.toString('latin1')]
    for (const [name, { key }] of into) if (name >= low && name < high) into.set(name, { key, value: null })
    for (const { key } of committed(store).range(from, to))
      into.set(key.toString('latin1'), { key: Buffer.from(key), value: null })
  }
  for (const change of changes) into.set(change.key.toString('latin1'), change)
}
