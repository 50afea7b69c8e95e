import salesforce from '../../../connectors/salesforce/index.ts'
import {
  type SalesforceOptions,
  SalesforceSimulator,
} from '../../../connectors/salesforce/simulator/index.ts'
import { type SourceContext, sourceContext } from '../../../engine/source/context.ts'
import type { SourceConfig } from '../../../engine/source/port.ts'
import { type PlainCrmOptions, plainCrm } from '../../../plugins/simulator/world/plain-crm.ts'
import { type Reading, readThrough } from '../reading.ts'

export type { Reading } from '../reading.ts'

export const DAY_US = 86_400_000_000
export const BEGINS = Date.UTC(2026, 0, 1) * 1000
/** Nothing happens in the world any more. */
export const QUIET = 200

type Rows = readonly Record<string, unknown>[]

export interface House {
  readonly simulator: SalesforceSimulator
  /** The clock of both sides; UTC microseconds. */
  readonly clock: { at: number }
  readonly config: SourceConfig
  readonly notices: string[]
  read(stream: string, state?: unknown, more?: Partial<SourceContext>): Promise<Reading>
  context(more?: Partial<SourceContext>): SourceContext
}

export interface HouseOptions
  extends Partial<PlainCrmOptions>,
    Partial<Omit<SalesforceOptions, 'world' | 'now'>> {
  /** How far into the world it is. */
  readonly day?: number
}

interface Tap {
  teardown(work: () => unknown): void
}

/** A simulated organisation after 90 days, and the connector that is connected to it. */
export async function house(t: Tap, { day = 90, pageRows = 25, ...rest }: HouseOptions = {}): Promise<House> {
  const clock = { at: BEGINS + day * DAY_US }
  const notices: string[] = []
  const world = plainCrm({ seed: 7, begins: BEGINS, ...rest })
  const simulator = await SalesforceSimulator.start({ ...rest, pageRows, world, now: () => clock.at })
  t.teardown(() => simulator.close())
  const config = { ...simulator.config(), click_ids: { gclid: 'GCLID__c', ttclid: 'TTCLID__c' } }
  const base = sourceContext({
    config,
    clock: () => clock.at,
    pace: { backOffMs: 1, silentMs: 2000, pollMs: 1 },
    notice: line => notices.push(line),
  })
  const context = (more: Partial<SourceContext> = {}) => ({ ...base, ...more })
  return {
    simulator,
    clock,
    config,
    notices,
    context,
    read: (stream, state = null, more = {}) => readThrough(salesforce, stream, context(more), state),
  }
}

export const KEYS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  salesforce.streams.map(s => [s.name, s.primaryKey]),
)

/** What the ledger says of a stream. */
export function truth({ ledger }: SalesforceSimulator, stream: string): Rows {
  if (stream === 'opportunities') return ledger.opportunities()
  if (stream === 'opportunity_stages') return ledger.stages()
  return ledger.people(stream === 'leads' ? 'Lead' : 'Contact')
}

/** The latest of each key, as a table keeps them; in the order of the keys. */
export function latest(rows: Rows, stream: string): Rows {
  const table = new Map<string, Record<string, unknown>>()
  for (const row of rows) table.set(KEYS[stream]!.map(key => row[key]).join(' '), row)
  return [...table.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

export const STREAMS = ['opportunities', 'opportunity_stages', 'leads', 'contacts']
