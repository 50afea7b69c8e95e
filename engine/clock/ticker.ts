import { setTimeout as sleep } from 'node:timers/promises'
import type { Codec } from '../codec/codec.ts'
import { deterministicId } from '../codec/ids.ts'
import { isOutage } from '../errors.ts'
import { partitionOf } from '../log/partition.ts'
import type { EventLog } from '../log/port.ts'
import type { Clock } from './clock.ts'
import { type Tick, tickKind } from './tick.ts'

/** Events may come this much after they happened before a live watermark has passed them. */
const LATENESS_US = 10 * 60 * 1_000_000

export interface TickerOptions {
  readonly log: EventLog
  readonly codec: Codec
  readonly clock: Clock
  readonly topic: string
  readonly partitions: number
  readonly everyMs: number
  readonly tenants: () => Iterable<string>
  readonly signal: AbortSignal
}

/** Writes the time of a live run into the log, for every tenant, until the signal aborts. */
export async function runTicker({
  log,
  codec,
  clock,
  topic,
  partitions,
  everyMs,
  tenants,
  signal,
}: TickerOptions): Promise<void> {
  const writer = await log.writer('ticker')
  while (!signal.aborted) {
    const now = clock()
    const appends = [...tenants()].map(tenant => {
      const tick: Tick = {
        tenant_id: tenant,
        event_id: deterministicId(tenant, 'tick', now),
        event_time: now,
        ingest_time: now,
        watermark: now - LATENESS_US,
        final: false,
      }
      const record = { key: Buffer.from(tenant), value: codec.encode(tickKind, tick), time: now }
      return { topic, partition: partitionOf(tenant, partitions), records: [record] }
    })
    try {
      await writer.commit({ appends })
    } catch (error) {
      // A tick that cannot be written is not missed: the next one says all it would have said.
      if (!isOutage(error)) throw error
    }
    await sleep(everyMs, undefined, { signal }).catch(() => {})
  }
}
