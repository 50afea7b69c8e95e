import https from 'node:https'
import t from 'tap'
import { ledgerOf } from '../../connectors/google-ads/simulator/ledger.ts'
import { house, NOW, sorted, world } from '../connectors/google-ads/support.ts'
import { failure } from '../support/failure.ts'
import { answerHosts, hostsMissing } from '../support/servers/hosts.ts'
import { GOOGLE_ADS_API, npmPackage } from '../support/servers/npm-package.ts'

/** The best-kept client of Google Ads for Node, which nobody here wrote: Opteo's google-ads-api. */
interface Sdk {
  readonly GoogleAdsApi: new (o: {
    client_id: unknown
    client_secret: unknown
    developer_token: unknown
    disable_parsing?: boolean
  }) => { Customer(o: object): Customer }
  readonly enums: Readonly<Record<string, Readonly<Record<number, string>>>>
  readonly errors: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>
}
interface Row {
  readonly customer: { readonly currency_code: string }
  readonly campaign: { readonly id: number; readonly name: string; readonly status: number }
  readonly ad_group: { readonly id: number }
  readonly ad_group_ad: { readonly ad: { readonly id: number } }
  readonly segments: { readonly date: string }
  readonly metrics: Readonly<
    Record<'impressions' | 'clicks' | 'cost_micros' | 'conversions' | 'conversions_value', number>
  >
}
interface Customer {
  query(gaql: string, options?: object): Promise<readonly Row[]>
  queryStream(gaql: string): AsyncIterable<Row>
}

const { module: sdk, missing } = await npmPackage<Sdk>(GOOGLE_ADS_API)
const skip = missing || (hostsMissing() ?? false)

// Whatever proxy this machine needs for other hosts.
process.env.NO_PROXY = 'googleads.googleapis.com,oauth2.googleapis.com'

const micros = (major: number): number => Math.round(major * 1_000_000)

const FIGURES = `SELECT customer.currency_code, campaign.id, ad_group.id, ad_group_ad.ad.id, segments.date,
  metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value
  FROM ad_group_ad WHERE segments.date BETWEEN '2026-03-01' AND '2026-04-15'`

/**
 * A simulated Google Ads where the client looks for it: its addresses are constants. Each test takes a seed of its own,
 * since the client keeps access tokens for all of the process.
 */
async function connected(t: Parameters<typeof answerHosts>[0], seed: number) {
  const all = world({ seed })
  const { platform, config, url } = await house(t, { world: all, pageRows: 70 })
  const { agent, asked } = await answerHosts(t, {
    'googleads.googleapis.com': url,
    'oauth2.googleapis.com': url,
  })
  const before = https.globalAgent
  https.globalAgent = agent
  t.teardown(() => {
    https.globalAgent = before
  })
  const { client_id, client_secret, developer_token, refresh_token, login_customer_id } = config
  const account = platform.accounts[0]!.account
  const customer = (options: object = {}, of: object = {}) =>
    new sdk!.GoogleAdsApi({ client_id, client_secret, developer_token, ...options }).Customer({
      customer_id: account.id,
      login_customer_id,
      refresh_token,
      ...of,
    })
  return { all, platform, account, customer, asked }
}

t.test('google-ads-api reads what the ledger says, streamed and by pages', { skip }, async t => {
  const { all, account, customer, asked, platform } = await connected(t, 1)
  const wanted = ledgerOf({ world: all }, '2026-03-01', '2026-04-15', NOW)
  t.ok(wanted.length > 300, `${wanted.length} rows: several pages`)
  // Its parser makes numbers of ids, and ours are longer than those hold.
  const rounded = sorted(wanted.map(row => ({ ...row, ad_id: Number(row.ad_id) })))
  const told = (rows: readonly Row[]) =>
    sorted(
      rows.map(row => ({
        date: row.segments.date,
        account_id: account.id,
        campaign_id: String(row.campaign.id),
        adset_id: String(row.ad_group.id),
        ad_id: row.ad_group_ad.ad.id,
        currency: row.customer.currency_code,
        impressions: row.metrics.impressions,
        clicks: row.metrics.clicks,
        spend_micros: row.metrics.cost_micros,
        conversions_micros: micros(row.metrics.conversions),
        revenue_micros: micros(row.metrics.conversions_value),
      })),
    )
  t.same(told(await customer().query(FIGURES)), rounded)
  const paged = await customer().query(FIGURES, { search_settings: { return_total_results_count: true } })
  t.same(told(paged), rounded)
  const streamed: Row[] = []
  for await (const row of customer().queryStream(FIGURES)) streamed.push(row)
  t.same(told(streamed), rounded)

  const exact = await customer({ disable_parsing: true }).query(FIGURES)
  const ids = (exact as unknown as readonly { adGroupAd: { ad: { id: string } } }[]).map(
    r => r.adGroupAd.ad.id,
  )
  t.same(ids.sort(), wanted.map(({ ad_id }) => ad_id).sort(), 'ids to the last digit')

  const campaigns = await customer().query('SELECT campaign.id, campaign.name, campaign.status FROM campaign')
  t.same(
    campaigns.map(({ campaign: c }) => [String(c.id), c.name, sdk!.enums.CampaignStatus![c.status]]),
    platform.accounts[0]!.campaigns.map(({ campaign: c }) => [
      c.id,
      c.name,
      c.status === 'ACTIVE' ? 'ENABLED' : 'PAUSED',
    ]),
  )
  t.same([...new Set(asked)].sort(), [
    `POST googleads.googleapis.com/v25/customers/${account.id}/googleAds:search`,
    `POST googleads.googleapis.com/v25/customers/${account.id}/googleAds:searchStream`,
    'POST oauth2.googleapis.com/token',
  ])
})

t.test('errors arrive as google-ads-api expects them', { skip }, async t => {
  const { customer } = await connected(t, 2)
  const { QueryErrorEnum, AuthorizationErrorEnum } = sdk!.errors
  const { UNRECOGNIZED_FIELD } = QueryErrorEnum!.QueryError!
  const { USER_PERMISSION_DENIED } = AuthorizationErrorEnum!.AuthorizationError!
  t.same([UNRECOGNIZED_FIELD, USER_PERMISSION_DENIED], [32, 2])
  const CAMPAIGNS = 'SELECT campaign.id FROM campaign'
  const paged = { search_settings: { return_total_results_count: true } }
  for (const options of [{}, paged]) {
    t.match(await failure(customer().query('SELECT campaign.nothing FROM campaign', options)), {
      errors: [{ error_code: { query_error: UNRECOGNIZED_FIELD } }],
    })
    const direct = customer({}, { login_customer_id: undefined })
    t.match(await failure(direct.query(CAMPAIGNS, options)), {
      errors: [{ error_code: { authorization_error: USER_PERMISSION_DENIED } }],
    })
  }
  const unknown = customer({}, { refresh_token: 'of nobody' })
  t.match(await failure(unknown.query(CAMPAIGNS)), { response: { data: { error: 'invalid_grant' } } })
})
