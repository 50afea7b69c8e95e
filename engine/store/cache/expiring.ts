/** So many are not worth looking through for what is over. */
export const FEW = 1000

/** Values with a time to live. What is over goes when it is met, and in passing once there are twice as many. */
export class Expiring<T> {
  readonly #now: () => number
  readonly #held = new Map<string, { readonly value: T; readonly until: number }>()
  #sweepAt = FEW

  /** @param now microseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  get size(): number {
    return this.#held.size
  }

  get(key: string): T | undefined {
    const found = this.#held.get(key)
    if (found === undefined) return undefined
    if (found.until > this.#now()) return found.value
    this.#held.delete(key)
    return undefined
  }

  set(key: string, value: T, ttlMs: number): void {
    this.#held.set(key, { value, until: this.#now() + ttlMs * 1000 })
    if (this.#held.size >= this.#sweepAt) this.#sweep()
  }

  delete(key: string): void {
    this.#held.delete(key)
  }

  keys(): string[] {
    this.#sweep()
    return [...this.#held.keys()]
  }

  #sweep(): void {
    const now = this.#now()
    for (const [key, { until }] of this.#held) if (until <= now) this.#held.delete(key)
    this.#sweepAt = Math.max(FEW, this.#held.size * 2)
  }
}
