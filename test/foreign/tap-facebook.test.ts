import t from 'tap'
import type { MetaSimulator } from '../../connectors/meta/simulator/index.ts'
import { connected, DAY, type Row, small } from '../connectors/meta/support.ts'
import { settings, Target } from '../kafka/singer/reading.ts'
import { temporaryFolder } from '../support/folder.ts'
import { answerHosts, hostsMissing } from '../support/servers/hosts.ts'
import { fetchedTap, MELTANO_TAP_FACEBOOK, TAP_FACEBOOK } from '../support/servers/taps.ts'
import { tapAlone } from './tap-alone.ts'

const { program, missing } = await fetchedTap(TAP_FACEBOOK)
const meltano = await fetchedTap(MELTANO_TAP_FACEBOOK)
const skip = missing || (hostsMissing() ?? false)

/** The tap asks the machine's clock what is too old for Meta: days are counted from today. */
const TODAY = Math.floor((Date.now() * 1000) / DAY) * DAY
const day = (n: number): string => new Date((TODAY + n * DAY) / 1000).toISOString().slice(0, 10)

const STREAMS = ['campaigns', 'adsets', 'ads', 'ads_insights'] as const
type Stream = (typeof STREAMS)[number]

/** Rows of the tap as the ledger words them. */
const shown: Readonly<Record<Stream, (row: Row) => Row>> = {
  campaigns: ({ id, name, effective_status }: Row) => ({ id, name, status: effective_status }),
  adsets: (r: Row) => ({
    id: r.id,
    in: r.campaign_id,
    name: r.name,
    budget_micros: Number(r.daily_budget) * 10_000,
  }),
  ads: ({ id, adset_id, name, status }: Row) => ({ id, in: adset_id, name, status }),
  ads_insights: (r: Row) => ({
    date: String(r.date_start).slice(0, 10),
    of: [r.account_id, r.campaign_id, r.adset_id, r.ad_id],
    impressions: r.impressions,
    clicks: r.clicks,
    reach: r.reach,
    spend_micros: micros(r.spend),
    conversions_micros: micros(purchases(r.actions)),
    revenue_micros: micros(purchases(r.action_values)),
  }),
}

const micros = (major: unknown): number => Math.round(Number(major) * 1_000_000)
const purchases = (actions: unknown): unknown =>
  ((actions ?? []) as Row[]).find(({ action_type }) => action_type === 'omni_purchase')?.value ?? 0

function truth({ ledger }: MetaSimulator, from: string, to: string): Record<Stream, Row[]> {
  const of = (level: string) => ledger.entities().filter(entity => entity.level === level)
  return {
    campaigns: of('campaign').map(({ campaign_id: id, name, status }) => ({ id, name, status })),
    adsets: of('adset').map(({ adset_id: id, campaign_id, name, budget_micros }) => ({
      ...{ id, in: campaign_id, name },
      budget_micros: budget_micros ?? 0,
    })),
    ads: of('ad').map(({ ad_id: id, adset_id, name, status }) => ({ id, in: adset_id, name, status })),
    ads_insights: ledger.adReports({ from, to }).map(r => ({
      ...{ date: r.date, of: [r.account_id, r.campaign_id, r.adset_id, r.ad_id] },
      ...{ impressions: r.impressions, clicks: r.clicks, reach: r.reach, spend_micros: r.spend_micros },
      ...{ conversions_micros: r.conversions_micros, revenue_micros: r.revenue_micros },
    })),
  }
}

const inOrder = (rows: readonly unknown[]): string[] => rows.map(row => JSON.stringify(row)).sort()

t.test('tap-facebook reads what the ledger says, by itself and through the connector', { skip }, async t => {
  const clock = { now: TODAY + DAY / 2 }
  const { simulator, act } = await connected(t, {
    world: small({ firstDay: day(-30) }),
    now: () => clock.now,
    jobs: { unseenMs: 0, readyMs: 0 },
  })
  const { asked, environment } = await answerHosts(t, { 'graph.facebook.com': new URL(simulator.url).origin })
  const config = {
    account_id: simulator.store.accounts[0]!.id,
    access_token: simulator.token,
    start_date: `${day(-9)}T00:00:00Z`,
    end_date: `${day(-1)}T00:00:00Z`,
    insights_buffer_days: '1',
    // Small, so that there are several pages.
    result_return_limit: 5,
  }
  const catalogOption = '--properties'
  const how = { program: program!, config, streams: STREAMS, environment, catalogOption } as const
  const alone = await tapAlone(temporaryFolder(t), how)
  const wanted = truth(simulator, day(-10), day(-1))
  for (const stream of STREAMS) {
    t.same(inOrder(alone[stream]!.map(shown[stream])), inOrder(wanted[stream]), stream)
    t.ok(wanted[stream].length > 2, `${wanted[stream].length} ${stream}`)
  }
  t.ok(asked.some(line => /\/v25\.0\/me\/adaccounts$/.test(line)))

  const target = new Target()
  const reading = settings(program!, config, {
    ...{ env: environment, streams: STREAMS },
    catalog_option: catalogOption,
  })
  const records = (stream: string) =>
    target.rows.filter(row => row.stream === stream && row.type === 'RECORD').map(row => row.record!)
  await target.read(reading)
  for (const stream of STREAMS)
    t.same(
      records(stream).map(text => JSON.parse(text)),
      alone[stream],
      `${stream}, through the connector`,
    )

  // Of a first run the tap remembers the last stream only (`state or {}` makes an empty state anew for each).
  await target.read(reading)
  clock.now += 3_600_000_000
  const campaign = simulator.ledger
    .entities()
    .find(({ level, status }) => level === 'campaign' && status === 'ACTIVE')!
  await act('setStatus', { level: 'campaign', id: campaign.campaign_id, status: 'PAUSED' })
  clock.now += 1_000_000
  const before = records('campaigns').length
  await target.read(reading)
  t.same(
    records('campaigns')
      .slice(before)
      .map(text => shown.campaigns(JSON.parse(text))),
    [{ id: campaign.campaign_id, name: campaign.name, status: 'PAUSED' }],
    'of campaigns only what has changed since',
  )
})

t.test('a token that Meta does not know is refused, and the connector says so', { skip }, async t => {
  const { simulator } = await connected(t)
  const { environment: env } = await answerHosts(t, { 'graph.facebook.com': new URL(simulator.url).origin })
  const config = { account_id: '1', access_token: 'EAAwrong', start_date: `${day(-1)}T00:00:00Z` }
  await t.rejects(new Target().read(settings(program!, config, { env, catalog_option: '--properties' })), {
    ...{ kind: 'auth', lack: 'credentials', message: /Invalid OAuth access token/ },
  } as never)
})

t.test(
  'Meltano’s tap-facebook, which pages until nothing comes, reads all objects once',
  {
    skip: meltano.missing || (hostsMissing() ?? false),
  },
  async t => {
    const { simulator } = await connected(t, { world: small({ campaigns: 20 }) })
    const { environment } = await answerHosts(t, { 'graph.facebook.com': new URL(simulator.url).origin })
    const config = {
      account_id: simulator.store.accounts[0]!.id,
      access_token: simulator.token,
      api_version: 'v26.0',
      start_date: '2025-01-01T00:00:00Z',
    }
    const streams = ['campaigns', 'adsets', 'ads'] as const
    const how = {
      program: meltano.program!,
      config,
      streams,
      environment,
      catalogOption: '--catalog',
    } as const
    const found = await tapAlone(temporaryFolder(t), how)
    const wanted = truth(simulator, day(-1), day(-1))
    for (const stream of streams) {
      t.same(inOrder(found[stream]!.map(shown[stream])), inOrder(wanted[stream]), stream)
      if (stream !== 'campaigns')
        t.ok(wanted[stream].length > 25, `${wanted[stream].length} ${stream}: several pages`)
    }
  },
)
