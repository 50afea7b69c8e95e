import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalogue } from '../store/catalogue/port.ts'

/** Held until released, or for `ttlMs` after it was last kept. */
export interface Held {
  /** Aborts when it could not be kept: another may have it by now. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

/** Time by the catalogue's own clock: those of several machines differ. */
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000000)::bigint'

/** Locks that all processes on one catalogue see. A lock does not stop a holder that was paused: the log's fences do. */
export class Locks {
  readonly #catalogue: Catalogue
  readonly #ttlMs: number

  constructor(catalogue: Catalogue, ttlMs = 60_000) {
    this.#catalogue = catalogue
    this.#ttlMs = ttlMs
  }

  /** All of these names, or none; null: one of them is held by another. */
  async take(names: readonly string[]): Promise<Held | null> {
    const owner = randomUUID()
    const sorted = [...new Set(names)].sort()
    const taken = await this.#catalogue.transaction('system', async session => {
      let n = 0
      for (const name of sorted) {
        const rows = await session.query(
          `INSERT INTO locks (name, owner, until) VALUES ($1, $2, ${NOW} + $3)
           ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
           WHERE locks.until < ${NOW} RETURNING name`,
          [name, owner, this.#ttlMs * 1000],
        )
        n += rows.length
      }
      // Some of them would keep others out for nothing.
      if (n < sorted.length) await session.query('DELETE FROM locks WHERE owner = $1', [owner])
      return n === sorted.length
    })
    return taken ? this.#held(owner, sorted.length) : null
  }

  /** Of a catalogue that no other process can have open: whoever held a lock before is gone. */
  async clear(): Promise<void> {
    await this.#catalogue.query('system', 'DELETE FROM locks')
  }

  /** Waits for them. @throws the signal's reason */
  async wait(names: readonly string[], signal: AbortSignal, everyMs = 250): Promise<Held> {
    for (;;) {
      signal.throwIfAborted()
      const held = await this.take(names)
      if (held) return held
      await sleep(everyMs, undefined, { signal })
    }
  }

  #held(owner: string, count: number): Held {
    const lost = new AbortController()
    let until = performance.now() + this.#ttlMs
    const keep = async () => {
      try {
        const rows = await this.#catalogue.query<{ name: string }>(
          'system',
          `UPDATE locks SET until = ${NOW} + $2 WHERE owner = $1 AND until >= ${NOW} RETURNING name`,
          [owner, this.#ttlMs * 1000],
        )
        if (rows.length === count) until = performance.now() + this.#ttlMs
        else lost.abort(new Error('the lock was lost'))
      } catch (error) {
        // An outage shorter than the lock's time changes nothing.
        if (performance.now() > until) lost.abort(error)
      }
    }
    const timer = setInterval(() => void keep(), this.#ttlMs / 3)
    timer.unref()
    return {
      lost: lost.signal,
      release: async () => {
        clearInterval(timer)
        await this.#catalogue.query('system', 'DELETE FROM locks WHERE owner = $1', [owner])
      },
    }
  }
}
