import { setTimeout as sleep } from 'node:timers/promises'
import type { Told, WindowLimit } from '../../store/cache/windows.ts'
import { inTurn } from '../../turns.ts'
import type { Taken } from './limiter.ts'

export type { WindowLimit } from '../../store/cache/windows.ts'

/**
 * Sliding windows that are never exceeded, however long calls travel: a call is in every window from before it is
 * sent until a window's length after its answer came. The platform counts it in between, so no window of its own,
 * sliding or fixed, can hold more than ours. Costs one round trip per window of what could be had.
 */
export class SlidingWindows {
  readonly #now: () => number
  /** Answered calls by the moment of the answer, oldest first. */
  readonly #past: { at: number; cost: number }[] = []
  #open = 0
  #pausedUntil = 0
  /** Whoever came first goes first. */
  readonly #next = inTurn()
  #wake: (() => void) | null = null

  constructor(now: () => number) {
    this.#now = now
  }

  take(limits: readonly WindowLimit[], cost: number, signal: AbortSignal): Promise<Taken> {
    const small = limits.find(limit => limit.calls < cost)
    if (small) throw new RangeError(`a call of ${cost} is above the limit of ${small.calls}`)
    return this.#next(() => this.#wait(limits, cost, signal))
  }

  async #wait(limits: readonly WindowLimit[], cost: number, signal: AbortSignal): Promise<Taken> {
    for (;;) {
      signal.throwIfAborted()
      const waitMs = this.#waitMs(limits, cost)
      if (waitMs <= 0) return this.#admit(limits, cost)
      const woken = new Promise<void>(resolve => {
        this.#wake = resolve
      })
      const timer = new AbortController()
      const until = AbortSignal.any([signal, timer.signal])
      const slept = sleep(Math.min(waitMs, 2 ** 31 - 1), undefined, { signal: until }).catch(() => {})
      await Promise.race([slept, woken])
      timer.abort()
    }
  }

  /** How long until there is room; Infinity while only an answer can make room. */
  #waitMs(limits: readonly WindowLimit[], cost: number): number {
    const now = this.#now()
    let waitMs = this.#pausedUntil - now
    for (const { calls, perMs } of limits) {
      let over = this.#open + cost - calls
      for (const call of this.#past) if (call.at > now - perMs) over += call.cost
      if (over <= 0) continue
      let room = Number.POSITIVE_INFINITY
      for (const call of this.#past) {
        if (call.at <= now - perMs) continue
        over -= call.cost
        if (over > 0) continue
        room = call.at + perMs - now
        break
      }
      waitMs = Math.max(waitMs, room)
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
        const now = this.#now()
        this.#open -= cost
        this.#past.push({ at: now, cost })
        if (told) this.#adopt(told, limits, now)
        this.#forget(limits, now)
        this.#wake?.()
      },
    }
  }

  /** Others use the limit too, or the platform counts otherwise: its word counts where it is the stricter. */
  #adopt({ pauseMs = 0, left = [] }: Told, limits: readonly WindowLimit[], now: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs)
    for (const { perMs, calls } of left) {
      const limit = limits.find(l => l.perMs === perMs)
      if (!limit) continue
      let used = this.#open
      for (const call of this.#past) if (call.at > now - perMs) used += call.cost
      const unknown = limit.calls - calls - used
      if (unknown > 0) this.#past.push({ at: now, cost: unknown })
    }
  }

  #forget(limits: readonly WindowLimit[], now: number): void {
    const longest = Math.max(...limits.map(l => l.perMs))
    let old = 0
    while (old < this.#past.length && this.#past[old]!.at <= now - longest) old++
    this.#past.splice(0, old)
  }
}
