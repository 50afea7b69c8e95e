import type { Clock } from '../engine/clock/clock.ts'
import type { Delivery } from '../engine/source/delivery.ts'
import type { Warehouse } from '../engine/store/warehouse.ts'
import type { Metrics } from '../engine/telemetry/metrics.ts'

/** One part the API needs, and how to see that it works: `ok` throws when it does not. */
export interface Dependency {
  readonly name: string
  ok(): Promise<void>
}

/** What the routes work with. */
export interface ApiContext {
  readonly warehouse: Warehouse
  readonly database: string
  readonly tenant: string
  readonly clock: Clock
  readonly metrics: Metrics
  readonly dependencies: readonly Dependency[]
  /** Takes in what a platform sends to a connection; how many records that were. */
  receive(tenant: string, connection: string, delivery: Delivery): Promise<number>
  /** Brings gauges up to date before they are read. */
  measure(): Promise<void>
}
