import { setTimeout as sleep } from 'node:timers/promises'
import type { Told, WindowLimit } from '../../store/cache/windows.ts'
import { inTurn } from '../../turns.ts'
import type { Taken } from './limiter.ts'
import { Past } from './past.ts'

export type { WindowLimit } from '../../store/cache/windows.ts'

/** The time that limits are kept by. */
export interface LimitTime {
  /** Monotonic milliseconds. */
  now(): number
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<unknown>
}

export const realTime: LimitTime = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(Math.min(ms, 2 ** 31 - 1), undefined, { signal }),
}

/**
 * Sliding windows that are never exceeded, however long calls travel: a call is in every window from before it is
 * sent until a window's length after its answer came. The platform counts it in between, so no window of its own,
 * sliding or fixed, can hold more than ours. Costs one round trip per window of what could be had.
 */
export class SlidingWindows {
  readonly #time: LimitTime
  readonly #past = new Past()
  #open = 0
  #pausedUntil = 0
  /** Whoever came first goes first. */
  readonly #next = inTurn()
  readonly #wakes = new Set<() => void>()

  constructor(time: LimitTime) {
    this.#time = time
  }

  take(limits: readonly WindowLimit[], cost: number, signal: AbortSignal): Promise<Taken> {
    const small = limits.find(limit => limit.calls < cost)
    if (small) throw new RangeError(`a call of ${cost} is above the limit of ${small.calls}`)
    // What costs nothing passes those who wait: the token of a page would end meanwhile.
    return cost === 0 ? this.#wait(limits, 0, signal) : this.#next(() => this.#wait(limits, cost, signal))
  }

  async #wait(limits: readonly WindowLimit[], cost: number, signal: AbortSignal): Promise<Taken> {
    for (;;) {
      signal.throwIfAborted()
      const waitMs = this.#waitMs(limits, cost)
      if (waitMs <= 0) return this.#admit(limits, cost)
      let wake = () => {}
      const woken = new Promise<void>(resolve => {
        wake = resolve
        this.#wakes.add(wake)
      })
      const timer = new AbortController()
      const until = AbortSignal.any([signal, timer.signal])
      const slept = this.#time.sleep(waitMs, until).catch(() => {})
      await Promise.race([slept, woken])
      this.#wakes.delete(wake)
      timer.abort()
    }
  }

  /** How long until there is room; Infinity while only an answer can make room. */
  #waitMs(limits: readonly WindowLimit[], cost: number): number {
    const now = this.#time.now()
    let waitMs = this.#pausedUntil - now
    for (const { calls, perMs } of limits) {
      const begun = now - perMs
      const over = this.#open + cost + this.#past.costAfter(begun) - calls
      if (over <= 0) continue
      const at = this.#past.reached(begun, over)
      waitMs = Math.max(waitMs, at === null ? Number.POSITIVE_INFINITY : at + perMs - now)
    }
    return waitMs
  }

  #admit(limits: readonly WindowLimit[], cost: number): Taken {
    this.#open += cost
    let isOpen = true
    return {
      done: told => {
        if (!isOpen) return
        isOpen = false
        const now = this.#time.now()
        this.#open -= cost
        this.#past.add(now, cost)
        if (told) this.#adopt(told, limits, now)
        this.#past.forget(now - Math.max(0, ...limits.map(l => l.perMs)))
        for (const wake of this.#wakes) wake()
      },
    }
  }

  /** Others use the limit too, or the platform counts otherwise: its word counts where it is the stricter. */
  #adopt({ pauseMs = 0, left = [] }: Told, limits: readonly WindowLimit[], now: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs)
    for (const { perMs, calls } of left) {
      const limit = limits.find(l => l.perMs === perMs)
      if (!limit) continue
      const used = this.#open + this.#past.costAfter(now - perMs)
      const unknown = limit.calls - calls - used
      if (unknown > 0) this.#past.add(now, unknown)
    }
  }
}
