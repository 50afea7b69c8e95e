/** A change made to an entity of a simulated platform. */
export interface EntityChange {
  readonly id: string
  readonly field: string
  readonly before: unknown
  readonly after: unknown
  /** UTC microseconds. */
  readonly at: number
  readonly actor: string
}

/**
 * What was changed on a simulated platform since it began: over what the world says of an entity. A change is read
 * back only after the platform's delay.
 */
export class EntityChanges {
  readonly #now: () => number
  readonly #delayMs: number
  readonly #all: EntityChange[] = []

  /** @param now UTC microseconds @param delayMs from a write until it is read */
  constructor(now: () => number, delayMs = 0) {
    this.#now = now
    this.#delayMs = delayMs
  }

  set(id: string, field: string, before: unknown, after: unknown, actor: string): void {
    this.#all.push({ id, field, before, after, at: this.#now(), actor })
  }

  /** The value that is read now; undefined: never changed. */
  get(id: string, field: string): unknown {
    const seen = this.#now() - this.#delayMs * 1000
    return this.#all.findLast(c => c.id === id && c.field === field && c.at <= seen)?.after
  }

  /** An entity as it is read now. */
  over<T extends object>(id: string, entity: T): T {
    const changed: Record<string, unknown> = {}
    for (const field of new Set(this.#all.filter(c => c.id === id).map(c => c.field))) {
      const value = this.get(id, field)
      if (value !== undefined) changed[field] = value
    }
    return { ...entity, ...changed }
  }

  /** How often a field was changed within so long. */
  count(id: string, field: string, withinMs: number): number {
    const since = this.#now() - withinMs * 1000
    return this.#all.filter(c => c.id === id && c.field === field && c.at > since).length
  }

  get all(): readonly EntityChange[] {
    return this.#all
  }
}
