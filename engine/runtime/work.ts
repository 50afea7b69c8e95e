import type { SyncReport } from '../source/sync-run.ts'
import { type ConnectionRun, runConnection } from './connection.ts'
import { drained } from './drain.ts'
import type { Running } from './running.ts'
import type { Stores } from './stores.ts'

/** What the engine that has everything and a worker among others have in common. */
export abstract class Work implements Running {
  readonly stores: Stores
  /** Rejects with what cannot be mended by going on. */
  readonly failure: Promise<never>
  /** Whether somebody waits: see `GroupOptions.hurry`. */
  protected readonly hurry = (): boolean => this.#hurry
  protected fail!: (error: unknown) => void
  #hurry = false

  constructor(stores: Stores) {
    this.stores = stores
    this.failure = new Promise((_, reject) => {
      this.fail = reject
    })
    this.failure.catch(() => {})
  }

  abstract readonly groups: readonly number[]
  abstract start(): Promise<void>
  abstract stop(): Promise<void>

  /** Runs a connection once: see `runConnection`. Drain waits until its records are in the warehouse. */
  sync(run: ConnectionRun): Promise<SyncReport> {
    return runConnection(this.stores, run)
  }

  /** Resolves when everything in the log has been folded and inserted. Rejects when it cannot come to that. */
  async drain(signal?: AbortSignal): Promise<void> {
    this.#hurry = true
    try {
      await drained(this.stores, this.failure, signal)
    } finally {
      this.#hurry = false
    }
  }
}
