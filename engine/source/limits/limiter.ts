import type { Told, WindowLimit } from '../../store/cache/windows.ts'
import { type LimitTime, realTime, SlidingWindows } from './windows.ts'

/** Lets calls through as a platform's limits allow. What shares a limit shares a key. */
export interface Limiter {
  /**
   * Resolves when a call of that cost may be made. Its place is held until `Taken.done` and counts for the whole
   * of each window after that: the platform has counted it at some moment before.
   * @param key what the platform counts by: an app, an account, a token; never a secret itself
   * @throws the signal's reason; RangeError when the cost is above a limit
   */
  take(key: string, limits: readonly WindowLimit[], cost: number, signal: AbortSignal): Promise<Taken>
}

export interface Taken {
  /** The answer is there. `told` is what the platform said of its limit, where it says anything. */
  done(told?: Told): void
}

export type { Told } from '../../store/cache/windows.ts'

/** The limits of one process. */
export class LocalLimiter implements Limiter {
  readonly #keys = new Map<string, SlidingWindows>()
  readonly #time: LimitTime

  constructor(time: LimitTime = realTime) {
    this.#time = time
  }

  async take(key: string, limits: readonly WindowLimit[], cost: number, signal: AbortSignal): Promise<Taken> {
    let windows = this.#keys.get(key)
    if (!windows) {
      windows = new SlidingWindows(this.#time)
      this.#keys.set(key, windows)
    }
    return windows.take(limits, cost, signal)
  }
}

/** Lets everything through at once: for what has no limits, as a platform that is simulated. */
export const unlimited: Limiter = {
  async take(_, __, ___, signal) {
    signal.throwIfAborted()
    return { done() {} }
  },
}

export const limiterOfProcess: Limiter = new LocalLimiter()
