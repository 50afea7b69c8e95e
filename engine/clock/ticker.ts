import { setTimeout as sleep } from 'node:timers/promises'
import type { Codec } from '../codec/codec.ts'
import { deterministicId } from '../codec/ids.ts'
import { isOutage, StratumError } from '../errors.ts'
import { partitionOf } from '../log/partition.ts'
import type { EventLog, LogWriter } from '../log/port.ts'
import type { Clock } from './clock.ts'
import { type Tick, tickKind } from './tick.ts'

/** Events may come this much after they happened before a live watermark has passed them. */
const LATENESS_US = 10 * 60 * 1_000_000

/** The tick that says what time it is. UTC microseconds. */
const tickAt = (tenant: string, now: number): Tick => ({
  tenant_id: tenant,
  event_id: deterministicId(tenant, 'tick', now),
  event_time: now,
  ingest_time: now,
  watermark: now - LATENESS_US,
  final: false,
})

/** Whether a tick is one of the clock's, and none that a task made of the events it read. */
export function isOfTicker(tick: Tick): boolean {
  const own = tickAt(tick.tenant_id, tick.event_time)
  return own.event_id === tick.event_id && own.watermark === tick.watermark
}

export interface TickerOptions {
  readonly log: EventLog
  readonly codec: Codec
  readonly clock: Clock
  readonly topic: string
  readonly partitions: number
  readonly everyMs: number
  readonly tenants: () => Iterable<string>
  readonly signal: AbortSignal
  /** Another ticker has taken over: this one is done. */
  readonly onReplaced?: () => void
}

/**
 * Writes the time of a live run into the log, for every tenant, until the signal aborts or another process does so:
 * the one that began last ticks.
 */
export async function runTicker({
  log,
  codec,
  clock,
  topic,
  partitions,
  everyMs,
  tenants,
  signal,
  onReplaced,
}: TickerOptions): Promise<void> {
  let writer: LogWriter | null = null
  const replaced = new AbortController()
  /** On Kafka it is a producer with threads of its own, and who ticks changes with who owns what. */
  const close = async () => {
    const own = writer
    writer = null
    await own?.close()
  }
  const tick = async (): Promise<void> => {
    const now = clock()
    const appends = [...tenants()].map(tenant => {
      const record = {
        key: Buffer.from(tenant),
        value: codec.encode(tickKind, tickAt(tenant, now)),
        time: now,
      }
      return { topic, partition: partitionOf(tenant, partitions), records: [record] }
    })
    try {
      writer ??= await log.writer('ticker')
      await writer.commit({ appends })
    } catch (error) {
      const code = error instanceof StratumError ? error.code : null
      if (code === 'WRITER_FENCED') return replaced.abort()
      // A tick that cannot be written is not missed: the next one says all it would have said.
      if (code === 'WRITER_LOST') await close()
      else if (!isOutage(error)) throw error
    }
  }
  try {
    while (!signal.aborted) {
      await tick()
      if (replaced.signal.aborted) return onReplaced?.()
      await sleep(everyMs, undefined, { signal }).catch(() => {})
    }
  } finally {
    await close()
  }
}
