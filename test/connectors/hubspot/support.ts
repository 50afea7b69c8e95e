import hubspot from '../../../connectors/hubspot/index.ts'
import { type HubspotOptions, HubspotSimulator } from '../../../connectors/hubspot/simulator/index.ts'
import { type SourceContext, sourceContext } from '../../../engine/source/context.ts'
import { unlimited } from '../../../engine/source/limits/limiter.ts'
import type { SourceConfig } from '../../../engine/source/port.ts'
import { type PlainCrmOptions, plainCrm } from '../../../plugins/simulator/world/plain-crm.ts'
import { type Reading, readThrough } from '../reading.ts'

export type { Reading } from '../reading.ts'

export const DAY_US = 86_400_000_000
export const BEGINS = Date.UTC(2026, 0, 1) * 1000

interface Tap {
  teardown(work: () => unknown): void
}

export { unlimited }

export interface House {
  readonly simulator: HubspotSimulator
  /** The clock of both sides; UTC microseconds. */
  readonly clock: { at: number }
  readonly config: SourceConfig
  read(stream: string, state?: unknown, more?: Partial<SourceContext>): Promise<Reading>
  context(more?: Partial<SourceContext>): SourceContext
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
    read: (stream, state = null, more = {}) => readThrough(hubspot, stream, context(more), state),
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
