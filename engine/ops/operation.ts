import type { Scheduling } from '../connect/scheduling.ts'
import type { Running } from '../runtime/running.ts'
import type { Stores } from '../runtime/stores.ts'
import type { Warehouse } from '../store/warehouse.ts'
import type { Metrics } from '../telemetry/metrics.ts'

/** What an operation works on: the stores, and the engine where one runs. */
export interface OperationContext {
  readonly stores: Stores
  /** null: the data directory is only looked at, nothing moves. */
  readonly engine: Running | null
  /** What runs connections when they are due; null without an engine. */
  readonly scheduling: Scheduling | null
  /** What the running engine counts; null without one. */
  readonly metrics: Metrics | null
  /** One connection to the warehouse, shared by the operations of this process. */
  warehouse(): Promise<Warehouse>
}

/**
 * Something a command asks of a data directory. It is answered by the engine that runs there, through its control
 * socket, or on the spot where none runs: the same code either way. Arguments and results are JSON.
 */
export type Operation = (
  context: OperationContext,
  args: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
) => Promise<unknown> | AsyncIterable<unknown>
