interface Limit {
  readonly calls: number
  readonly perMs: number
}

/** What one key has asked, oldest first; for each limit, where its window begins and what is in it. */
interface Asked {
  readonly at: number[]
  readonly costs: number[]
  readonly windows: { head: number; used: number }[]
  /** Of each limit: what was let through in each window, one after the other from the first call on. */
  readonly passed: Map<number, number>[]
  readonly begun: number
}

/** Counts calls as a platform does: in sliding windows, by key. What is over a limit is refused and remembered. */
export class PlatformLimits {
  readonly #limits: readonly Limit[]
  readonly #now: () => number
  readonly #asked = new Map<string, Asked>()
  /** Calls refused because they were over a limit. */
  refused = 0
  /** The fullest any window has been, 0 to 1. */
  fullest = 0

  /** @param now monotonic milliseconds */
  constructor(limits: readonly Limit[], now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
  }

  /** Null: let through and counted. Else the milliseconds until the next may come. */
  refuse(key: string, cost = 1): number | null {
    const now = this.#now()
    const asked = this.#upTo(key, now)
    for (const [i, { calls, perMs }] of this.#limits.entries()) {
      const { head, used } = asked.windows[i]!
      if (used + cost > calls) {
        this.refused++
        return (asked.at[head] ?? now) + perMs - now
      }
      this.fullest = Math.max(this.fullest, (used + cost) / calls)
    }
    asked.at.push(now)
    asked.costs.push(cost)
    for (const [i, { perMs }] of this.#limits.entries()) {
      asked.windows[i]!.used += cost
      const index = Math.floor((now - asked.begun) / perMs)
      asked.passed[i]!.set(index, (asked.passed[i]!.get(index) ?? 0) + cost)
    }
    return null
  }

  /** What is left of a window. */
  left(key: string, perMs: number): number {
    const i = this.#indexOf(perMs)
    return this.#limits[i]!.calls - this.#upTo(key, this.#now()).windows[i]!.used
  }

  /**
   * What was let through in windows of that length, one after the other from a key's first call to its last; by key.
   * The last window of each is cut short by the end of the work.
   */
  windows(perMs: number): Map<string, number[]> {
    const limit = this.#indexOf(perMs)
    const of = (passed: ReadonlyMap<number, number>) => {
      const last = [...passed.keys()].at(-1) ?? -1
      return Array.from({ length: last + 1 }, (_, index) => passed.get(index) ?? 0)
    }
    return new Map([...this.#asked].map(([key, { passed }]) => [key, of(passed[limit]!)]))
  }

  #indexOf(perMs: number): number {
    return this.#limits.findIndex(limit => limit.perMs === perMs)
  }

  /** A key with its windows moved on to a time. */
  #upTo(key: string, now: number): Asked {
    let asked = this.#asked.get(key)
    if (!asked) {
      const each = <T>(make: () => T) => this.#limits.map(make)
      const windows = each(() => ({ head: 0, used: 0 }))
      asked = { at: [], costs: [], windows, passed: each(() => new Map<number, number>()), begun: now }
      this.#asked.set(key, asked)
    }
    const { at, costs, windows } = asked
    for (const [i, { perMs }] of this.#limits.entries()) {
      const window = windows[i]!
      for (; window.head < at.length && at[window.head]! <= now - perMs; window.head++)
        window.used -= costs[window.head]!
    }
    const old = Math.min(...windows.map(window => window.head))
    // Moved now and then, not at every call.
    if (old > 64 && old * 2 > at.length) {
      at.splice(0, old)
      costs.splice(0, old)
      for (const window of windows) window.head -= old
    }
    return asked
  }
}
