import type { Told } from '../../engine/source/limits/limiter.ts'
import type { WindowLimit } from '../../engine/source/limits/windows.ts'
import type { Answer, Ask } from './message.ts'
import type { Part } from './part.ts'

export type { Told } from '../../engine/source/limits/limiter.ts'
export type { WindowLimit } from '../../engine/source/limits/windows.ts'

export interface Budget {
  /** What the platform counts by: `meta/act_1`, `tiktok/app 7`. Connections with the same key share the limits. */
  readonly key: string
  readonly limits: readonly WindowLimit[]
  /** What a request costs (1, or what it says). */
  readonly cost?: (ask: Ask) => number
  /** What the answer says of the limits: the platform's own headers. */
  readonly told?: (answer: Answer) => Told | undefined
}

export const seconds = (n: number): number => n * 1000
export const minutes = (n: number): number => n * 60_000
export const hours = (n: number): number => n * 3_600_000
export const days = (n: number): number => n * 86_400_000

/** Keeps a platform's rate limit: all of it is used, and it is never exceeded. */
export function budget({ key, limits, cost = ask => ask.cost ?? 1, told }: Budget): Part {
  return {
    async admit(ask, { limiter, signal }) {
      const taken = await limiter.take(key, limits, cost(ask), signal)
      return answer => taken.done(answer === null ? undefined : told?.(answer))
    },
  }
}
