import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import tiktok from '../../../connectors/tiktok/index.ts'
import { startTikTok, type TikTokOptions } from '../../../connectors/tiktok/simulator/server.ts'
import { type ContextOptions, type Pace, sourceContext } from '../../../engine/source/context.ts'
import { unlimited } from '../../../engine/source/limits/limiter.ts'
import type { SourceBatch } from '../../../engine/source/port.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import type { AdFigures, AdWorld } from '../../../plugins/simulator/world/port.ts'

interface Tap {
  teardown(work: () => unknown): void
}
type Row = Readonly<Record<string, unknown>>

export const at = (iso: string): number => Date.parse(iso) * 1000
export const NOW = at('2026-03-20T15:30:00Z')
export const DAY = 86_400_000_000

export const small = (over: Partial<Parameters<typeof plainWorld>[0]> = {}): AdWorld =>
  plainWorld({ seed: 7, firstDay: '2026-03-01', zone: 'America/New_York', ...over })

/** Tests have no time: the simulator has limits only where a test is about them. */
const QUICK: Pace = { backOffMs: 1, pollMs: 1 }

/** A simulated TikTok and a connection to it, whose clock the test turns. */
export async function connected(
  t: Tap,
  options: Partial<TikTokOptions> & { config?: Row; context?: Partial<ContextOptions> } = {},
) {
  const { config: settings = {}, context: given = {}, ...wanted } = options
  const clock = { now: NOW }
  const simulator = await startTikTok({ world: small(), now: () => clock.now, pageRows: 40, ...wanted })
  t.teardown(() => simulator.close())
  const { platform } = simulator
  const config = {
    access_token: platform.token,
    advertiser_ids: platform.entities.accounts.map(account => account.id),
    app_id: 'app',
    service_tier: 'ultimate',
    history_days: 20,
    base_url: simulator.baseUrl,
    ...settings,
  }
  const notices: string[] = []
  const context = (over: Partial<ContextOptions> = {}) =>
    sourceContext({
      config,
      clock: () => clock.now,
      limiter: unlimited,
      pace: QUICK,
      notice: message => notices.push(message),
      ...given,
      ...over,
    })
  return {
    ...simulator,
    clock,
    config,
    notices,
    context,
    check: (over: Row = {}) => tiktok.check(context({ config: { ...config, ...over } })),
    act: (name: string, params: unknown) => tiktok.act(name, params, context()),
    /** All batches of a stream from a state on; states as they come back from where they are kept. */
    async batches(stream: string, state: unknown = null): Promise<SourceBatch[]> {
      const found: SourceBatch[] = []
      for await (const batch of tiktok.read(stream, { ...context(), state }))
        found.push({ ...batch, state: JSON.parse(JSON.stringify(batch.state)) })
      return found
    },
  }
}

export const recordsOf = (batches: readonly SourceBatch[]): Row[] =>
  batches.flatMap(batch => [...batch.records])

/** Rows without what the ledger does not say, in an order of their own. */
export function comparable(rows: readonly object[], key: readonly string[]): Row[] {
  const cut = rows.map(row => {
    const { platform: _, settled: __, as_of: ___, ...rest } = row as Record<string, unknown>
    return rest
  })
  const keyOf = (row: Row) => key.map(name => String(row[name])).join(' ')
  const named = cut.map(row => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
  return named.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

export const AD_KEY = ['ad_id', 'date']
export const GROUP_KEY = ['campaign_id', 'date', 'age', 'gender', 'country']

/** The last of the records of each key: what a warehouse would hold. */
export function latest(records: readonly Row[], key: readonly string[]): Row[] {
  const found = new Map<string, Row>()
  for (const record of records) found.set(key.map(name => String(record[name])).join(' '), record)
  return [...found.values()]
}

/** Two advertisers on either side of the date line, one of them with a currency without decimals. */
export function twoAdvertisers(): AdWorld {
  const one = small()
  const other = small({ seed: 8, zone: 'Asia/Tokyo', currency: 'JPY', campaigns: 2 })
  const mine = (id: string) => `9${id}`
  const [account] = other.accounts('tiktok')
  const renamed = {
    ...account!,
    campaigns: account!.campaigns.map(campaign => ({
      ...campaign,
      id: mine(campaign.id),
      adsets: campaign.adsets.map(adset => ({
        ...adset,
        id: mine(adset.id),
        ads: adset.ads.map(ad => ({ ...ad, id: mine(ad.id) })),
      })),
    })),
  }
  const yen = <F extends AdFigures>(figures: F): F => ({
    ...figures,
    spendMicros: figures.spendMicros * 100,
    revenueMicros: figures.revenueMicros * 100,
  })
  return {
    ...one,
    accounts: platform => [...one.accounts(platform), renamed],
    adDay(platform, id, day, asOf) {
      if (!id.startsWith('9')) return one.adDay(platform, id, day, asOf)
      const figures = other.adDay(platform, id.slice(1), day, asOf)
      return figures && yen(figures)
    },
    demographics: (platform, id, day, asOf) =>
      id.startsWith('9')
        ? other.demographics(platform, id.slice(1), day, asOf).map(yen)
        : one.demographics(platform, id, day, asOf),
  }
}

const SAMPLE = fileURLToPath(
  new URL('../../../../../shared/data/tiktok/airbyte_real_report_rows.json', import.meta.url),
)
export const noSample = existsSync(SAMPLE) ? false : 'the real inputs (../shared/data) are not here'
export const sample = (): Readonly<Record<string, readonly Readonly<Record<string, Row>>[]>> =>
  JSON.parse(readFileSync(SAMPLE, 'utf8'))
