import type { Clock } from '../clock/clock.ts'
import type { Settings } from '../config/index.ts'
import type { Warehouse } from '../store/warehouse.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Running } from './running.ts'

/** What a service beside the engine gets to work with. */
export interface ServiceContext {
  /** What is at work in this process; the API alone has only the stores. */
  readonly engine: Pick<Running, 'stores' | 'failure'>
  /** A connection of its own: a query does not wait for an insert. */
  readonly warehouse: Warehouse
  readonly settings: Settings
  readonly metrics: Metrics
  readonly clock: Clock
}

/** A service that answers requests: started after the engine, closed before it. */
export type Service = (context: ServiceContext) => Promise<{ readonly url: string; close(): Promise<void> }>
