import googleAds from '../../../connectors/google-ads/index.ts'
import { type GoogleAdsOptions, startGoogleAds } from '../../../connectors/google-ads/simulator/index.ts'
import { validate } from '../../../engine/config/index.ts'
import { type ContextOptions, sourceContext } from '../../../engine/source/context.ts'
import { unlimited } from '../../../engine/source/limits/limiter.ts'
import type { SourceConfig } from '../../../engine/source/port.ts'
import { memoryTokens } from '../../../engine/source/tokens.ts'
import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { type Reading, readThrough } from '../reading.ts'

export type { Reading } from '../reading.ts'

interface Tap {
  teardown(work: () => unknown): void
}

export const ZONE = 'Europe/Berlin'

/** 2026-04-15T09:30:00Z: clocks went forward in Berlin on 29 March. UTC microseconds. */
export const NOW = Date.parse('2026-04-15T09:30:00Z') * 1000

export const HOUR = 3_600_000_000
export const DAY = 24 * HOUR

export const world = (more: Partial<Parameters<typeof plainWorld>[0]> = {}): AdWorld =>
  plainWorld({ seed: 7, firstDay: '2026-02-01', zone: ZONE, campaigns: 4, ...more })

/** A simulated Google Ads with a clock that stands still, and a connection to it. */
export async function house(t: Tap, options: Partial<GoogleAdsOptions> = {}) {
  const clock = { at: NOW }
  const now = options.now ?? (() => clock.at)
  const simulator = await startGoogleAds({
    world: world(),
    operations: null,
    changeDelayMs: 0,
    ...options,
    now,
  })
  t.teardown(() => simulator.close())
  const tokens = memoryTokens()
  const notices: string[] = []
  const contextOf = (over: Readonly<Record<string, unknown>> = {}, more: Partial<ContextOptions> = {}) => {
    const config = { ...(validate(googleAds.spec, simulator.config, 'test') as SourceConfig), ...over }
    for (const [name, value] of Object.entries(over))
      if (value === undefined) delete config[name as 'base_url']
    return sourceContext({
      config,
      clock: now,
      limiter: unlimited,
      tokens,
      notice: message => notices.push(message),
      pace: { backOffMs: 1 },
      ...more,
    })
  }
  const read = (stream: string, state: unknown = null, over = {}, more = {}) =>
    readThrough(googleAds, stream, contextOf(over, more), state)
  const act = (name: string, params: unknown, more = {}) => googleAds.act(name, params, contextOf({}, more))
  const check = (over = {}, more = {}) => googleAds.check(contextOf(over, more))
  return { ...simulator, clock, tokens, notices, contextOf, read, act, check }
}

export const reportsIn = ({ records }: Reading) => records as unknown as AdReportRecord[]

/** A report as the ledger writes it. */
export const asLedger = (reports: readonly AdReportRecord[]) =>
  sorted(reports.map(({ platform: _, reach: __, settled: ___, as_of: ____, ...row }) => row))

/** In an order of its own, names of fields too. */
export const sorted = <T extends object>(rows: readonly T[]): string[] =>
  rows.map(row => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()
