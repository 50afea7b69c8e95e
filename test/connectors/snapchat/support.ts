import snapchat from '../../../connectors/snapchat/index.ts'
import { type SnapchatOptions, startSnapchat } from '../../../connectors/snapchat/simulator/index.ts'
import { type ContextOptions, sourceContext } from '../../../engine/source/context.ts'
import { LocalLimiter } from '../../../engine/source/limits/limiter.ts'
import type { RejectedRow } from '../../../engine/source/port.ts'
import { memoryTokens } from '../../../engine/source/tokens.ts'
import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { startOfDay } from '../../../plugins/sync/index.ts'

interface Tap {
  teardown(work: () => unknown): void
}

export const ZONE = 'Europe/Berlin'

/** 2026-04-15T09:30:00Z: clocks went forward in Berlin on 29 March. UTC microseconds. */
export const NOW = Date.parse('2026-04-15T09:30:00Z') * 1000

export const HOUR = 3_600_000_000

export const world = (more: Partial<Parameters<typeof plainWorld>[0]> = {}): AdWorld =>
  plainWorld({ seed: 7, firstDay: '2026-02-01', zone: ZONE, campaigns: 3, ...more })

/** Settings as the harness completes them. */
export function completed(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy = structuredClone(config) as Record<string, unknown>
  for (const [name, schema] of Object.entries(snapchat.spec.properties ?? {}))
    if (copy[name] === undefined && schema.default !== undefined) copy[name] = schema.default
  return copy
}

/** A simulated Snapchat with a clock that stands still, and a connection to it. */
export async function house(t: Tap, options: Partial<SnapchatOptions> = {}) {
  const clock = { at: NOW }
  const now = options.now ?? (() => clock.at)
  const simulator = await startSnapchat({ world: world(), limited: false, ...options, now })
  t.teardown(() => simulator.close())
  const tokens = memoryTokens()
  const notices: string[] = []
  const contextOf = (over: Readonly<Record<string, unknown>> = {}, more: Partial<ContextOptions> = {}) =>
    sourceContext({
      config: { ...completed(simulator.config), ...over },
      clock: now,
      limiter: unlimited,
      tokens,
      notice: message => notices.push(message),
      pace: { backOffMs: 1 },
      ...more,
    })
  const read = (stream: string, state: unknown = null, over = {}, more = {}) =>
    reading(stream, contextOf(over, more), state)
  const act = (name: string, params: unknown, more = {}) => snapchat.act(name, params, contextOf({}, more))
  const check = (over = {}, more = {}) => snapchat.check(contextOf(over, more))
  return { ...simulator, clock, tokens, notices, contextOf, read, act, check }
}

/** Lets everything through at once: the limits have a test of their own. */
const unlimited = { take: async () => ({ done: () => {} }) }

export const limited = () => new LocalLimiter()

export interface Reading {
  readonly records: Readonly<Record<string, unknown>>[]
  readonly rejected: RejectedRow[]
  readonly states: unknown[]
  /** Records up to and with each state. */
  readonly counts: number[]
}

async function reading(
  stream: string,
  context: ReturnType<typeof sourceContext>,
  state: unknown,
): Promise<Reading> {
  const found: Reading = { records: [], rejected: [], states: [], counts: [] }
  for await (const batch of snapchat.read(stream, { ...context, state })) {
    found.records.push(...batch.records)
    found.rejected.push(...(batch.rejected ?? []))
    found.counts.push(found.records.length)
    found.states.push(JSON.parse(JSON.stringify(batch.state)))
  }
  return found
}

export const reportsIn = ({ records }: Reading) => records as unknown as AdReportRecord[]
export const entitiesIn = ({ records }: Reading) => records as unknown as AdEntityRecord[]

/** A report as the ledger writes it, in an order of its own. */
export const asLedger = (reports: readonly AdReportRecord[]) =>
  sorted(reports.map(({ platform: _, reach: __, settled: ___, as_of: ____, ...row }) => row))

export const sorted = <T extends { ad_id: unknown; date: unknown }>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => (`${a.ad_id} ${a.date}` < `${b.ad_id} ${b.date}` ? -1 : 1))

export const midnight = (day: string, zone = ZONE) => startOfDay(day, zone)
