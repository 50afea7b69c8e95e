import { StratumError } from '../../errors.ts'
import { type Bucket, drawn, filled, taken } from './bucket.ts'
import { Expiring, FEW } from './expiring.ts'
import { HeldLock } from './lock.ts'
import type { Cache, Limit, Lock, Sessions, Taken } from './port.ts'

/** UTC microseconds that never go back in this process. */
export const steady = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000)

/** The cache of one process: gone with it. */
export class MemoryCache implements Cache {
  readonly #now: () => number
  readonly #values: Expiring<string>
  readonly #buckets: Expiring<Bucket>
  readonly #locks: Expiring<number>
  readonly sessions: Sessions
  readonly windows = null
  #lastToken = 0
  #isClosed = false

  constructor(now: () => number = steady) {
    this.#now = now
    this.#values = new Expiring(now)
    this.#buckets = new Expiring(now)
    this.#locks = new Expiring(now)
    this.sessions = new MemorySessions(now, () => this.#check())
  }

  async get(key: string): Promise<string | null> {
    return this.#values.get(key) ?? null
  }

  async set(key: string, value: string, ttlMs: number): Promise<boolean> {
    this.#values.set(key, value, ttlMs)
    return true
  }

  async delete(key: string): Promise<void> {
    this.#check()
    this.#values.delete(key)
  }

  async take(name: string, limit: Limit, n = 1): Promise<Taken> {
    const full = filled(this.#buckets.get(name) ?? null, this.#now(), limit)
    const { allowed, bucket } = drawn(full, n)
    const left = taken(bucket, allowed, n, limit, false)
    // One that is full again is as good as none.
    this.#buckets.set(name, bucket, left.resetMs + 1)
    return left
  }

  async lock(name: string, ttlMs: number): Promise<Lock | null> {
    this.#check()
    if (this.#locks.get(name) !== undefined) return null
    const token = Math.max(this.#now(), this.#lastToken + 1)
    this.#lastToken = token
    this.#locks.set(name, token, ttlMs)
    return new HeldLock(token, ttlMs, {
      extend: async ms => {
        const isOurs = this.#locks.get(name) === token
        if (isOurs) this.#locks.set(name, token, ms)
        return isOurs
      },
      release: async () => {
        const isOurs = this.#locks.get(name) === token
        if (isOurs) this.#locks.delete(name)
        return isOurs
      },
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #check(): void {
    if (this.#isClosed) throw new StratumError('STORE_UNAVAILABLE', 'Cache: it is closed')
  }
}

class MemorySessions implements Sessions {
  readonly #now: () => number
  readonly #check: () => void
  readonly #owners = new Map<string, Expiring<string>>()
  #sweepAt = FEW

  constructor(now: () => number, check: () => void) {
    this.#now = now
    this.#check = check
  }

  async put(owner: string, id: string, data: string, ttlMs: number): Promise<void> {
    this.#check()
    const sessions = this.#owners.get(owner) ?? new Expiring<string>(this.#now)
    this.#owners.set(owner, sessions)
    sessions.set(id, data, ttlMs)
    if (this.#owners.size >= this.#sweepAt) this.#sweep()
  }

  /** Who has signed in and never come back. */
  #sweep(): void {
    for (const [owner, sessions] of this.#owners) if (sessions.keys().length === 0) this.#owners.delete(owner)
    this.#sweepAt = Math.max(FEW, this.#owners.size * 2)
  }

  async get(owner: string, id: string): Promise<string | null> {
    this.#check()
    return this.#owners.get(owner)?.get(id) ?? null
  }

  async end(owner: string, id: string): Promise<string | null> {
    this.#check()
    const sessions = this.#owners.get(owner)
    const data = sessions?.get(id) ?? null
    sessions?.delete(id)
    if (sessions?.keys().length === 0) this.#owners.delete(owner)
    return data
  }

  async endAll(owner: string): Promise<number> {
    const there = (await this.list(owner)).length
    this.#owners.delete(owner)
    return there
  }

  async list(owner: string): Promise<string[]> {
    this.#check()
    return (this.#owners.get(owner)?.keys() ?? []).sort()
  }
}
