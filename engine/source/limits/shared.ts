import { setTimeout as sleep } from 'node:timers/promises'
import { isOutage } from '../../errors.ts'
import type { Told, WindowLimit, Windows } from '../../store/cache/windows.ts'
import { inTurn } from '../../turns.ts'
import { type Limiter, LocalLimiter, type Taken } from './limiter.ts'

/** Longer than any call waits for its answer: so long the place of a process that died is kept. */
const LEASE_MS = 5 * 60_000
/** Others may be answered, or have less to do, sooner than it looks. */
const LOOK_AGAIN_MS = 1_000

/**
 * The limits of all processes on one cache. Each process keeps them by itself as well, so that while the cache is away
 * they hold for each alone.
 */
export class SharedLimiter implements Limiter {
  readonly #windows: Windows
  readonly #local = new LocalLimiter()
  /** Whoever came first goes first, here; among processes whoever asks first. */
  readonly #turns = new Map<string, ReturnType<typeof inTurn>>()

  constructor(windows: Windows) {
    this.#windows = windows
  }

  async take(key: string, limits: readonly WindowLimit[], cost: number, signal: AbortSignal): Promise<Taken> {
    const local = await this.#local.take(key, limits, cost, signal)
    try {
      const place = () => this.#place(key, limits, cost, signal)
      // As in one process: what costs nothing passes those who wait.
      const id = await (cost === 0 ? place() : this.#turnOf(key)(place))
      return { done: told => this.#done(key, id, limits, local, told) }
    } catch (error) {
      if (isOutage(error)) return local
      local.done()
      throw error
    }
  }

  async #place(
    key: string,
    limits: readonly WindowLimit[],
    cost: number,
    signal: AbortSignal,
  ): Promise<string> {
    for (;;) {
      signal.throwIfAborted()
      const taken = await this.#windows.take(key, limits, cost, LEASE_MS)
      if ('id' in taken) return taken.id
      await sleep(Math.min(taken.waitMs, LOOK_AGAIN_MS), undefined, { signal }).catch(() => {})
    }
  }

  #done(key: string, id: string, limits: readonly WindowLimit[], local: Taken, told?: Told): void {
    local.done(told)
    // An outage, or the end of this process: the place counts until its lease is over.
    this.#windows.answered(key, id, limits, told).catch(() => {})
  }

  #turnOf(key: string): ReturnType<typeof inTurn> {
    let turn = this.#turns.get(key)
    if (!turn) {
      turn = inTurn()
      this.#turns.set(key, turn)
    }
    return turn
  }
}
