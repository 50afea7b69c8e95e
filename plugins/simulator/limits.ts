/** Counts calls as a platform does: in sliding windows, by key. What is over a limit is refused and remembered. */
export class PlatformLimits {
  readonly #limits: readonly { readonly calls: number; readonly perMs: number }[]
  readonly #now: () => number
  readonly #calls = new Map<string, { at: number; cost: number }[]>()
  /** Calls refused because they were over a limit. */
  refused = 0
  /** The fullest any window has been, 0 to 1. */
  fullest = 0

  /** @param now monotonic milliseconds */
  constructor(
    limits: readonly { readonly calls: number; readonly perMs: number }[],
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits
    this.#now = now
  }

  /** Null: let through and counted. Else the milliseconds until the next may come. */
  refuse(key: string, cost = 1): number | null {
    const now = this.#now()
    const calls = this.#calls.get(key) ?? []
    const longest = Math.max(...this.#limits.map(l => l.perMs))
    while (calls.length > 0 && calls[0]!.at <= now - longest) calls.shift()
    this.#calls.set(key, calls)
    for (const { calls: most, perMs } of this.#limits) {
      const inWindow = calls.filter(c => c.at > now - perMs)
      const used = inWindow.reduce((sum, c) => sum + c.cost, 0)
      if (used + cost > most) {
        this.refused++
        return inWindow[0]!.at + perMs - now
      }
      this.fullest = Math.max(this.fullest, (used + cost) / most)
    }
    calls.push({ at: now, cost })
    return null
  }

  /** What is left of a window. */
  left(key: string, perMs: number): number {
    const now = this.#now()
    const limit = this.#limits.find(l => l.perMs === perMs)!
    const used = (this.#calls.get(key) ?? []).reduce((sum, c) => sum + (c.at > now - perMs ? c.cost : 0), 0)
    return limit.calls - used
  }
}
