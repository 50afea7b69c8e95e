import type { Lock } from './port.ts'

/** What a lock does where it is kept. */
export interface LockActions {
  extend(ttlMs: number): Promise<boolean>
  release(): Promise<boolean>
}

export class HeldLock implements Lock {
  readonly token: number
  readonly #actions: LockActions
  /** Counted from before the question was asked, so that it never ends later here than there. */
  #until: number

  /** @param asked when it was asked for, as of `performance.now()` */
  constructor(token: number, ttlMs: number, actions: LockActions, asked = performance.now()) {
    this.token = token
    this.#actions = actions
    this.#until = asked + ttlMs
  }

  isHeld(): boolean {
    return performance.now() < this.#until
  }

  async extend(ttlMs: number): Promise<boolean> {
    const asked = performance.now()
    const held = await this.#actions.extend(ttlMs)
    this.#until = held ? asked + ttlMs : 0
    return held
  }

  async release(): Promise<boolean> {
    this.#until = 0
    return this.#actions.release()
  }
}
