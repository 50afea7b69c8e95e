import { channel } from 'node:diagnostics_channel'
import { type Limiter, LocalLimiter } from '../../engine/source/limits/limiter.ts'
import { CONNECTIONS } from '../../plugins/http/send.ts'
import type { PlatformTime } from '../../plugins/simulator/server.ts'

/** Turns of the event loop in which whoever was just answered may ask again. */
const TURNS = 8

export interface VirtualTime extends PlatformTime {
  /** Keeps limits by this time. */
  readonly limiter: Limiter
  end(): void
}

interface Timer {
  readonly at: number
  readonly ring: () => void
}

/**
 * A time for connectors and simulated platforms in which days pass in a moment: it stands still while a request is
 * really on its way or looked at, and else jumps to what somebody waits for. How fast the machine is hardly matters:
 * whoever is late is late by no more than what the others wait for.
 * @param travelMs how long a request takes there, and its answer back
 */
export function virtualTime(travelMs: number): VirtualTime {
  let now = 0
  let travelling = 0
  let isSettling = false
  const timers = new Set<Timer>()
  /** Requests that are made and not answered, as their client knows them. */
  const open = new Set<unknown>()

  const settle = (turns = TURNS) => {
    if (turns === TURNS && isSettling) return
    isSettling = true
    setImmediate(() => {
      // What waits for a connection, all of which travel, is not on its way.
      if (timers.size === 0 || Math.min(open.size, CONNECTIONS) > travelling) isSettling = false
      else if (turns > 0) settle(turns - 1)
      else {
        isSettling = false
        jump()
      }
    })
  }
  const jump = () => {
    now = Math.max(now, Math.min(...[...timers].map(timer => timer.at)))
    for (const timer of timers) if (timer.at <= now) timer.ring()
    settle()
  }
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const drop = () => {
        timers.delete(timer)
        signal?.removeEventListener('abort', stop)
      }
      const stop = () => {
        drop()
        reject(signal!.reason)
      }
      // Whole milliseconds: sums and differences of moments stay exact.
      const timer = {
        at: now + Math.ceil(ms),
        ring() {
          drop()
          resolve()
        },
      }
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', stop)
      if (Number.isFinite(ms)) timers.add(timer)
      settle()
    })

  const sent = (message: unknown) => void open.add((message as { request: unknown }).request)
  const answered = (message: unknown) => {
    open.delete((message as { request: unknown }).request)
    settle()
  }
  const heard = [
    [channel('undici:request:create'), sent],
    [channel('undici:request:trailers'), answered],
    [channel('undici:request:error'), answered],
  ] as const
  for (const [from, hear] of heard) from.subscribe(hear)

  return {
    now: () => now,
    async travel() {
      travelling++
      await sleep(travelMs)
      travelling--
    },
    limiter: new LocalLimiter({ now: () => now, sleep }),
    end() {
      for (const [from, hear] of heard) from.unsubscribe(hear)
    },
  }
}

/** Keeps limits that are so many times smaller: for those that a test has not enough work to meet. */
export const scaled = (limiter: Limiter, by: number): Limiter => ({
  take(key, limits, cost, signal) {
    const smaller = limits.map(({ calls, perMs }) => ({ calls: calls / by, perMs }))
    return limiter.take(key, smaller, cost, signal)
  },
})
