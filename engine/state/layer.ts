/** Unsorted keys are put in order once there are so many: before, they are looked at one by one. */
const MOST_FRESH = 128

/** Changes of one batch, findable by ranges of keys without looking at all of them. */
export class Layer {
  readonly changes = new Map<string, Buffer | null>()
  readonly ranges: (readonly [string, string])[] = []
  /** Keys in order, and those that came since; some may have gone from `changes` meanwhile. */
  #sorted: string[] = []
  #fresh: string[] = []

  set(key: string, value: Buffer | null): void {
    if (!this.changes.has(key)) this.#fresh.push(key)
    this.changes.set(key, value)
  }

  /** Takes the changes in [from, to) out, and removes what is below them. */
  deleteRange(from: string, to: string): void {
    for (const key of this.between(from, to)) this.changes.delete(key)
    this.ranges.push([from, to])
  }

  covers(key: string): boolean {
    for (const [from, to] of this.ranges) if (key >= from && key < to) return true
    return false
  }

  /** Changed keys in [from, to), in no order. */
  between(from: string, to: string): string[] {
    if (this.#fresh.length > MOST_FRESH) this.#sort()
    const found: string[] = []
    for (let i = firstFrom(this.#sorted, from); i < this.#sorted.length && this.#sorted[i]! < to; i++)
      if (this.changes.has(this.#sorted[i]!)) found.push(this.#sorted[i]!)
    for (const key of this.#fresh) if (key >= from && key < to && this.changes.has(key)) found.push(key)
    return found
  }

  #sort(): void {
    const fresh = this.#fresh.sort(compare)
    const old = this.#sorted
    const all: string[] = []
    for (let i = 0, j = 0; i < old.length || j < fresh.length; ) {
      const key = j === fresh.length || (i < old.length && old[i]! < fresh[j]!) ? old[i++]! : fresh[j++]!
      // A key that went and came again is there twice.
      if (all.length === 0 || all[all.length - 1]! !== key) all.push(key)
    }
    this.#sorted = all
    this.#fresh = []
  }
}

/** latin1 strings compare as their bytes do. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Index of the first key that is not before another. */
export function firstFrom(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
