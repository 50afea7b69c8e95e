import type { Test } from 'tap'
import ga4 from '../../../connectors/ga4/index.ts'
import { GA4Simulator } from '../../../connectors/ga4/simulator/index.ts'
import googleAds from '../../../connectors/google-ads/index.ts'
import { startGoogleAds } from '../../../connectors/google-ads/simulator/index.ts'
import tiktok from '../../../connectors/tiktok/index.ts'
import { startTikTok } from '../../../connectors/tiktok/simulator/server.ts'
import { validate } from '../../../engine/config/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { unlimited } from '../../../engine/source/limits/limiter.ts'
import type { Source, SourceConfig } from '../../../engine/source/port.ts'
import { rawKindName } from '../../../engine/source/raw.ts'
import { memoryTokens } from '../../../engine/source/tokens.ts'
import type { EventRecord } from '../../../plugins/records/event.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import type { SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { readThrough } from '../../connectors/reading.ts'
import { signing } from '../../pipelines/autopilot/account.ts'
import { ask, command } from '../../pipelines/commands.ts'
import { told } from '../../pipelines/facts.ts'
import { Row, type Told } from '../../pipelines/row.ts'
import { standard } from '../../support/engine.ts'

const TENANT = 'demo'
/** Of the site, by their hour since 1970 in UTC. */
export type EventsByHour = ReadonlyMap<number, readonly EventRecord[]>

const STREAMS = ['accounts', 'campaigns', 'ad_reports']

/** A connection of a simulated platform, which goes on reading from where it was. */
function reader(source: Source, given: SourceConfig, now: () => number) {
  const config = validate(source.spec, given, 'test') as SourceConfig
  const pace = { backOffMs: 1, pollMs: 1 }
  const context = sourceContext({ config, clock: now, limiter: unlimited, tokens: memoryTokens(), pace })
  const states = new Map<string, unknown>()
  return async (stream: string): Promise<Told[]> => {
    const { records, rejected, state } = await readThrough(
      source,
      stream,
      context,
      states.get(stream) ?? null,
    )
    if (rejected.length > 0) throw new Error(`${source.id} ${stream}: ${rejected[0]!.reason}`)
    states.set(stream, state)
    return records.map(data => raw(source.id, stream, data, now()))
  }
}

const raw = (source: string, stream: string, data: object, at: number): Told => ({
  kind: rawKindName(source, stream),
  value: { tenant_id: TENANT, connection: source, source, ingest_time: at, data },
})

/** Google Ads and TikTok over HTTP, and the tasks that their rows go through. The clock is the test's. */
export async function house(t: Test, world: AdWorld, historyDays: number) {
  const clock = { at: 0 }
  const now = () => clock.at
  const google = await startGoogleAds({ world, now, operations: null, changeShare: 0 })
  const tik = await startTikTok({ world, now, deleted: 0 })
  t.teardown(() => Promise.all([google.close(), tik.close()]))
  const history_days = historyDays
  const readers = [
    reader(
      googleAds,
      { ...google.config, history_days, access_level: 'standard', conversion_window_days: 7 },
      now,
    ),
    reader(
      tiktok,
      {
        access_token: tik.platform.token,
        advertiser_ids: tik.platform.entities.accounts.map(({ id }) => id),
        ...{ app_id: 'app', service_tier: 'ultimate', history_days, base_url: tik.baseUrl },
      },
      now,
    ),
  ]
  const collect = await Row.open('collect', 'raw')
  const tenant = await Row.open('tenant', 'facts', { settings: { ...standard, signing } })
  const take = (batch: readonly Told[]): void => {
    tenant.feed(...collect.feed(...batch))
  }
  return {
    tenant,
    /** All that the platforms say at a time. */
    async sync(at: number): Promise<void> {
      clock.at = at
      for (const read of readers) for (const stream of STREAMS) take(await read(stream))
    },
    /** Events of the site, read at a time. */
    events: (records: readonly EventRecord[], at: number): void =>
      take(records.map(data => raw('ga4', 'events', data, at))),
    /** An ADMIN's command, which has to be taken. */
    command(at: number, name: string, body: unknown): void {
      const answer = ask(tenant, command(name, body, { event_time: at, ingest_time: at }))
      if (!answer.accepted) throw new Error(`${name}: ${answer.code}: ${answer.message}`)
    },
    tick: (at: number): void => void tenant.feed(told.tick(at, { tenant_id: TENANT })),
  }
}

/** What the site's tag collected, as GA4's export has it at a time. */
export async function siteEvents(t: Test, world: SiteWorld, at: number): Promise<readonly EventRecord[]> {
  const simulator = await GA4Simulator.start({ world, now: () => at })
  t.teardown(() => simulator.close())
  const config = validate(ga4.spec, simulator.config(), 'test') as SourceConfig
  const context = sourceContext({ config, clock: () => at, limiter: unlimited, pace: { backOffMs: 1 } })
  const { records } = await readThrough(ga4, 'events', context)
  return records as unknown as EventRecord[]
}
