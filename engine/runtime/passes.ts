import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../errors.ts'
import type { BesideEvent } from '../stage/topology.ts'

export interface PassesOptions {
  /** Whose passes they are, for who is told that one went wrong: `Audit log`. */
  readonly name: string
  /** From the end of a pass to the next one. Milliseconds. */
  readonly pollMs?: number | undefined
  pass(): Promise<void>
  tell(event: BesideEvent): void
}

const POLL_MS = 5_000

/** Something at work beside the tasks: a pass after another, until it is stopped. One that fails is told, and tried again. */
export class Passes {
  readonly #o: PassesOptions
  readonly #stop = new AbortController()
  #loop: Promise<void> = Promise.resolve()

  constructor(options: PassesOptions) {
    this.#o = options
  }

  /** Aborts when it is stopped. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  start(): void {
    this.#loop = this.#run()
  }

  /** Resolves when the pass under way has ended. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  async #run(): Promise<void> {
    const { name, pollMs = POLL_MS, tell } = this.#o
    const { signal } = this
    while (!signal.aborted) {
      try {
        await this.#o.pass()
      } catch (error) {
        if (!signal.aborted) tell({ level: 'warn', message: `${name}: ${messageOf(error)}` })
      }
      await sleep(pollMs, undefined, { signal }).catch(() => {})
    }
  }
}
