import type { Clock } from '../clock/clock.ts'

/** Two clocks: the wall's may be set back, and the other stands still while a machine sleeps. */
export interface Clocks {
  /** UTC microseconds. */
  readonly wall: Clock
  /** Milliseconds since whenever. */
  readonly steady: () => number
}

export const clocksOf = (wall: Clock): Clocks => ({ wall, steady: () => performance.now() })

/** A moment that has passed as soon as either clock says so: a process that was frozen finds it passed when it wakes. */
export class Deadline {
  readonly #clocks: Clocks
  readonly #until: number
  readonly #steadyUntil: number

  /** @param until UTC microseconds */
  constructor(clocks: Clocks, until: number) {
    this.#clocks = clocks
    this.#until = until
    this.#steadyUntil = clocks.steady() + (until - clocks.wall()) / 1000
  }

  /** Milliseconds, 0 when it has passed. */
  get leftMs(): number {
    const { wall, steady } = this.#clocks
    return Math.max(0, Math.min((this.#until - wall()) / 1000, this.#steadyUntil - steady()))
  }

  get isOver(): boolean {
    return this.leftMs <= 0
  }
}
