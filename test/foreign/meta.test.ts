import t from 'tap'
import { connected, type Row } from '../connectors/meta/support.ts'
import { FACEBOOK_SDK, npmPackage } from '../support/servers/npm-package.ts'

/** Meta's own client for Node, which nobody here wrote: facebook-nodejs-business-sdk. */
interface Sdk {
  readonly FacebookAdsApi: { init(token: string, locale: string, reportsCrashes: boolean): unknown }
  readonly AdAccount: new (id: string) => Client
  readonly Campaign: new (id: string) => Client
}
interface Client {
  readonly _data: Row
  read(fields: readonly string[]): Promise<Client>
  update(fields: readonly string[], params: Row): Promise<unknown>
  getCampaigns(fields: readonly string[], params: Row): Promise<Cursor>
  getInsights(fields: readonly string[], params: Row): Promise<Cursor>
  getInsightsAsync(fields: readonly string[], params: Row): Promise<Client>
}
interface Cursor extends Iterable<Client> {
  hasNext(): boolean
  next(): Promise<Cursor>
}

const { module: sdk, missing: skip } = await npmPackage<Sdk>(FACEBOOK_SDK)

async function all(first: Cursor): Promise<Row[]> {
  const rows: Row[] = []
  for (let page = first; ; page = await page.next()) {
    rows.push(...[...page].map(({ _data }) => _data))
    if (!page.hasNext()) return rows
  }
}

const RANGE = { since: '2026-03-01', until: '2026-03-10' }

t.test(
  'Meta’s own client reads campaigns and insights from the simulator, and changes a budget',
  { skip },
  async t => {
    const { FacebookAdsApi, AdAccount, Campaign } = sdk!
    const { simulator, clock } = await connected(t)
    // Its address is a constant of the class: the only thing that is replaced.
    Object.defineProperty(FacebookAdsApi, 'GRAPH', {
      get: () => new URL(simulator.url).origin,
      configurable: true,
    })
    FacebookAdsApi.init(simulator.token, 'en_US', false)
    const account = new AdAccount(`act_${simulator.store.accounts[0]!.id}`)

    const campaigns = await all(await account.getCampaigns(['name', 'status', 'daily_budget'], { limit: 2 }))
    const wanted = simulator.ledger.entities().filter(({ level }) => level === 'campaign')
    t.same(
      campaigns.map(({ id, name, status }) => [id, name, status]),
      wanted.map(({ campaign_id, name, status }) => [campaign_id, name, status]),
    )

    const how = { level: 'ad', time_increment: 1, time_range: RANGE, limit: 30 }
    const rows = await all(await account.getInsights(['ad_id', 'spend', 'impressions'], how))
    const ledger = simulator.ledger.adReports({ from: RANGE.since, to: RANGE.until })
    const figures = (row: Row) => [row.ad_id, row.date_start, row.impressions, row.spend]
    t.same(
      rows.map(figures).sort(),
      ledger.map(r => [r.ad_id, r.date, String(r.impressions), dollars(r.spend_micros!)]).sort(),
    )

    let run = await account.getInsightsAsync(['ad_id', 'spend', 'impressions'], how)
    while (run._data.async_status !== 'Job Completed') {
      await new Promise(resolve => setTimeout(resolve, 20))
      run = await run.read(['async_status', 'async_percent_completion'])
    }
    t.same(await all(await run.getInsights([], { limit: 50 })), rows)

    const shared = campaigns.find(campaign => campaign.daily_budget !== undefined)!
    await new Campaign(String(shared.id)).update([], { daily_budget: 5500 })
    clock.now += 1_000_000
    const after = await new Campaign(String(shared.id)).read(['daily_budget'])
    t.equal(after._data.daily_budget, '5500')
    await t.rejects(new Campaign(String(shared.id)).update([], { daily_budget: 50 }), /Invalid parameter/)
  },
)

/** Plain: two decimals at most, as figures of the world have. */
const dollars = (micros: number): string => String(micros / 1_000_000)
