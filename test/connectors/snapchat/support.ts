import snapchat from '../../../connectors/snapchat/index.ts'
import { type SnapchatOptions, startSnapchat } from '../../../connectors/snapchat/simulator/index.ts'
import { validate } from '../../../engine/config/index.ts'
import { type ContextOptions, sourceContext } from '../../../engine/source/context.ts'
import { unlimited } from '../../../engine/source/limits/limiter.ts'
import type { SourceConfig } from '../../../engine/source/port.ts'
import { memoryTokens } from '../../../engine/source/tokens.ts'
import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { type Reading, readThrough } from '../reading.ts'

export type { Reading } from '../reading.ts'

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
      config: { ...(validate(snapchat.spec, simulator.config, 'test') as SourceConfig), ...over },
      clock: now,
      limiter: unlimited,
      tokens,
      notice: message => notices.push(message),
      pace: { backOffMs: 1 },
      ...more,
    })
  const read = (stream: string, state: unknown = null, over = {}, more = {}) =>
    readThrough(snapchat, stream, contextOf(over, more), state)
  const act = (name: string, params: unknown, more = {}) => snapchat.act(name, params, contextOf({}, more))
  const check = (over = {}, more = {}) => snapchat.check(contextOf(over, more))
  return { ...simulator, clock, tokens, notices, contextOf, read, act, check }
}

export const reportsIn = ({ records }: Reading) => records as unknown as AdReportRecord[]
export const entitiesIn = ({ records }: Reading) => records as unknown as AdEntityRecord[]

/** A report as the ledger writes it, in an order of its own. */
export const asLedger = (reports: readonly AdReportRecord[]) =>
  sorted(reports.map(({ platform: _, reach: __, settled: ___, as_of: ____, ...row }) => row))

export const sorted = <T extends { ad_id: unknown; date: unknown }>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => (`${a.ad_id} ${a.date}` < `${b.ad_id} ${b.date}` ? -1 : 1))

export const midnight = (day: string, zone = ZONE) => startOfDay(day, zone)
