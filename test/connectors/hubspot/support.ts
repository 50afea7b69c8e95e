import hubspot from '../../../connectors/hubspot/index.ts'
import { type HubspotOptions, HubspotSimulator } from '../../../connectors/hubspot/simulator/index.ts'
import { type SourceContext, sourceContext } from '../../../engine/source/context.ts'
import type { Limiter } from '../../../engine/source/limits/limiter.ts'
import type { RejectedRow, SourceBatch, SourceConfig } from '../../../engine/source/port.ts'
import { type PlainCrmOptions, plainCrm } from '../../../plugins/simulator/world/plain-crm.ts'

export const DAY_US = 86_400_000_000
export const BEGINS = Date.UTC(2026, 0, 1) * 1000

interface Tap {
  teardown(work: () => unknown): void
}

/** The platform has no limits here, or its own are what is tested. */
export const unlimited: Limiter = {
  async take(_, __, ___, signal) {
    signal.throwIfAborted()
    return { done() {} }
  },
}

export interface House {
  readonly simulator: HubspotSimulator
  /** The clock of both sides; UTC microseconds. */
  readonly clock: { at: number }
  readonly config: SourceConfig
  read(stream: string, state?: unknown, more?: Partial<SourceContext>): Promise<Reading>
  context(more?: Partial<SourceContext>): SourceContext
}

export interface Reading {
  readonly records: readonly Record<string, unknown>[]
  readonly rejected: readonly RejectedRow[]
  readonly batches: readonly SourceBatch[]
  readonly state: unknown
}

export interface HouseOptions
  extends Partial<PlainCrmOptions>,
    Partial<Omit<HubspotOptions, 'world' | 'now'>> {
  readonly kind?: 'public' | 'private'
  /** How far into the world it is. */
  readonly day?: number
}

/** A simulated account after 90 days, and the connector that is connected to it. */
export async function house(t: Tap, options: HouseOptions = {}): Promise<House> {
  const { kind = 'public', day = 90, limits = null, ...rest } = options
  const clock = { at: BEGINS + day * DAY_US }
  const world = plainCrm({ seed: 7, begins: BEGINS, ...rest })
  const simulator = await HubspotSimulator.start({ ...rest, world, limits, now: () => clock.at })
  t.teardown(() => simulator.close())
  const config = { ...simulator.config(kind), click_ids: { ttclid: 'tiktok_click_id' } }
  const base = sourceContext({
    config,
    clock: () => clock.at,
    limiter: unlimited,
    pace: { backOffMs: 1, silentMs: 2000 },
  })
  const context = (more: Partial<SourceContext> = {}) => ({ ...base, ...more })
  return {
    simulator,
    clock,
    config,
    context,
    async read(stream, state = null, more = {}) {
      const batches: SourceBatch[] = []
      for await (const batch of hubspot.read(stream, { ...context(more), state }))
        batches.push({ ...batch, state: JSON.parse(JSON.stringify(batch.state)) })
      return {
        records: batches.flatMap(batch => [...batch.records]),
        rejected: batches.flatMap(batch => batch.rejected ?? []),
        batches,
        state: batches.at(-1)?.state ?? state,
      }
    },
  }
}

export const STREAMS = ['contacts', 'deals', 'deal_stages', 'owners'] as const

/** What the ledger says of a stream. */
export function truth({ ledger }: HubspotSimulator, stream: string): readonly Record<string, unknown>[] {
  if (stream === 'contacts') return ledger.contacts()
  return stream === 'deals' ? ledger.deals() : ledger.dealStages()
}

/** The latest of each key, as a table keeps them; in the order of the keys. */
export function latest(
  rows: readonly Record<string, unknown>[],
  keys: readonly string[],
): Record<string, unknown>[] {
  const table = new Map<string, Record<string, unknown>>()
  for (const row of rows) table.set(keys.map(key => row[key]).join(' '), row)
  return [...table.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
