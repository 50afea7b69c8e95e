import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AvroSchema } from '../kind.ts'
import type { Kept, RegistryApi } from './api.ts'
import { avroOf, isNone } from './kept.ts'

/** An id that nobody has registered is asked for again after this long. */
const ABSENT_MS = 30_000
const MOST_ABSENT = 10_000

/** Schemas by their ids, fetched once and kept for ever: an id never means another schema. */
export class FetchedSchemas {
  readonly #api: RegistryApi
  readonly #lagMs: number
  readonly #byId = new Map<number, AvroSchema>()
  /** Ids that there is no schema of, until when, and why. */
  readonly #absent = new Map<number, { readonly until: number; readonly why: string | undefined }>()
  readonly #fetching = new Map<number, Promise<void>>()
  readonly #closing = new AbortController()

  constructor(api: RegistryApi, lagMs: number) {
    this.#api = api
    this.#lagMs = lagMs
    // Every pause under way listens to it.
    setMaxListeners(0, this.#closing.signal)
  }

  get(id: number): AvroSchema | undefined {
    return this.#byId.get(id)
  }

  /** Why there is none, where that is known. */
  why(id: number): string | undefined {
    return this.#absent.get(id)?.why
  }

  /** Whether it was found a moment ago that there is none. */
  isAbsent(id: number): boolean {
    const { until = 0 } = this.#absent.get(id) ?? {}
    return performance.now() < until
  }

  /** Asked for by many at once, it is fetched once. STORE_UNAVAILABLE, STORE_REFUSED */
  fetch(id: number): Promise<void> {
    const fetching = this.#fetching.get(id) ?? this.#fetch(id).finally(() => this.#fetching.delete(id))
    this.#fetching.set(id, fetching)
    return fetching
  }

  async #fetch(id: number): Promise<void> {
    const kept = (await this.#api.byId(id)) ?? (await this.#later(id))
    const schema = kept === null ? null : avroOf(kept)
    if (schema !== null && !isNone(schema)) {
      this.#absent.delete(id)
      this.#byId.set(id, schema)
      return
    }
    if (this.#absent.size >= MOST_ABSENT) this.#absent.clear()
    this.#absent.set(id, { until: performance.now() + ABSENT_MS, why: schema?.why })
  }

  /** A follower may be behind the leader. */
  async #later(id: number): Promise<Kept | null> {
    await sleep(this.#lagMs, undefined, { signal: this.#closing.signal })
    return this.#api.byId(id)
  }

  close(): void {
    this.#closing.abort()
  }
}
