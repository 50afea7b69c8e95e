import type { SyncReport } from '../source/sync-run.ts'
import type { ConnectionRun } from './connection.ts'
import type { Stores } from './stores.ts'

/** An application at work: the engine that has everything, or one worker among others. */
export interface Running {
  readonly stores: Stores
  /** Groups of partitions it runs at the moment. */
  readonly groups: readonly number[]
  /** Rejects when a task or sink cannot go on. */
  readonly failure: Promise<never>
  start(): Promise<void>
  /** Runs a connection once. */
  sync(run: ConnectionRun): Promise<SyncReport>
  /** Resolves when everything in the log has been folded and inserted, by whomever. */
  drain(signal?: AbortSignal): Promise<void>
  /** Stops reading and lets what is in hand be committed. The stores stay open. */
  stop(): Promise<void>
}
