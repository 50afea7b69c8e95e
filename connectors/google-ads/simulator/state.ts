import { EntityChanges } from '../../../plugins/simulator/entities.ts'
import type { Flat } from './objects.ts'

/** What was written over the world: by resource name and field (`status`). */
export class Written {
  readonly #changes: EntityChanges
  readonly #latest: EntityChanges

  /** @param now UTC microseconds @param delayMs from a write until it is read */
  constructor(now: () => number, delayMs: number) {
    this.#changes = new EntityChanges(now, delayMs)
    this.#latest = new EntityChanges(now)
  }

  /** A resource as it is read now. */
  read(prefix: string, flat: Flat): Flat {
    return over(this.#changes, prefix, flat)
  }

  /** As it was written last, read or not yet. */
  latest(prefix: string, flat: Flat): Flat {
    return over(this.#latest, prefix, flat)
  }

  set(name: string, field: string, before: unknown, after: unknown): void {
    this.#changes.set(name, field, before, after, 'api')
    this.#latest.set(name, field, before, after, 'api')
  }
}

function over(changes: EntityChanges, prefix: string, flat: Flat): Flat {
  const name = String(flat[`${prefix}.resource_name`])
  if (!changes.all.some(c => c.id === name)) return flat
  const changed: Record<string, Flat[string]> = { ...flat }
  for (const field of new Set(changes.all.filter(c => c.id === name).map(c => c.field))) {
    const value = changes.get(name, field)
    if (value !== undefined) changed[`${prefix}.${field}`] = value as Flat[string]
  }
  return changed
}
