import type { CacheMark } from '../state/cache.ts'

/** How often a changelog is asked for its end. Milliseconds. */
const EVERY_MS = 10_000

/**
 * How far in its changelog the cache of a group has come, asked now and then beside the work: without it a cache knew
 * only how far it was when its writer began, and whoever came back after others were at work read all since then.
 */
export class Reach {
  readonly #end: () => Promise<number>
  readonly #everyMs: number
  #asked = Number.NEGATIVE_INFINITY
  #reached: Pick<CacheMark, 'at' | 'time'> | null = null

  /** `end`: of the changelog for readers of committed records; nothing lies before it that is still open. */
  constructor(end: () => Promise<number>, everyMs = EVERY_MS) {
    this.#end = end
    this.#everyMs = everyMs
  }

  /**
   * Called when a transaction is applied: what holds of the cache with it. The end that was heard before lies behind
   * this transaction at the latest, since the next one cannot have been committed yet.
   */
  take(): Partial<CacheMark> {
    const reached = this.#reached ?? {}
    this.#reached = null
    const now = performance.now()
    if (now - this.#asked >= this.#everyMs) {
      this.#asked = now
      const time = Date.now()
      this.#end().then(
        at => {
          this.#reached = { at, time }
        },
        // It is asked again.
        () => {},
      )
    }
    return reached
  }
}
