/** A worker and the groups it has. */
export interface Holder {
  readonly id: string
  readonly groups: readonly number[]
}

/**
 * Deals groups out evenly (the numbers of two workers differ by one at most), moving as few as can be: who has a
 * group keeps it up to its share, since its state is there. The same answer for the same question, in any order.
 */
export function deal(holders: readonly Holder[], groups: number): Map<string, number[]> {
  const ids = [...new Set(holders.map(h => h.id))].sort()
  const dealt = new Map<string, number[]>(ids.map(id => [id, []]))
  if (ids.length === 0) return dealt
  const share = Math.floor(groups / ids.length)
  let larger = groups % ids.length
  const free = new Set(Array.from({ length: groups }, (_, group) => group))
  const has = new Map(ids.map(id => [id, holders.filter(h => h.id === id).flatMap(h => h.groups)]))
  // Who has most may keep one more than the share, as long as there are such places.
  for (const id of [...ids].sort((a, b) => has.get(b)!.length - has.get(a)!.length || (a < b ? -1 : 1))) {
    const own = dealt.get(id)!
    for (const group of [...has.get(id)!].sort((a, b) => a - b)) {
      if (!free.has(group)) continue
      if (own.length >= share) {
        if (own.length > share || larger === 0) break
        larger--
      }
      own.push(group)
      free.delete(group)
    }
  }
  for (const group of [...free].sort((a, b) => a - b)) {
    const id = ids.reduce((least, id) => (dealt.get(id)!.length < dealt.get(least)!.length ? id : least))
    dealt.get(id)!.push(group)
  }
  for (const own of dealt.values()) own.sort((a, b) => a - b)
  return dealt
}

/** Groups of the worker `index` (from 0) of so many, where they are dealt out by hand. */
export function shard(groups: number, index: number, of: number): number[] {
  return Array.from({ length: groups }, (_, group) => group).filter(group => group % of === index)
}
