import t from 'tap'
import { accountOf } from '../../../connectors/meta/api/account.ts'
import { Settings } from '../../../connectors/meta/settings.ts'
import { accountRecord, adsetRecord, campaignRecord } from '../../../connectors/meta/streams/entities.ts'
import { reportRecord } from '../../../connectors/meta/streams/insight-rows.ts'
import { creditedTo } from '../../../connectors/meta/streams/purchases.ts'
import { type Row, sample } from './support.ts'

const insights = sample('airbyte_real_ads_insights_rows.json')
const objects = sample('airbyte_real_campaign_adset_account.json')
const skip = insights === null || objects === null ? '../shared/data is not there' : false

const account = accountOf('212551616838260', {
  id: 'act_212551616838260',
  currency: 'USD',
  timezone_name: 'America/Los_Angeles',
})
const settings = { purchase_action: 'omni_purchase', history_days: 90 } as unknown as Parameters<
  typeof creditedTo
>[2]
const days = { from: '2021-09-03', to: '2021-09-03', zone: account.zone, restatedFrom: '2021-08-10' }
const of = { account, days, settings, asOf: 1 }

t.test('real rows of insights come to exact values', { skip }, async t => {
  const rows = insights!.rows as Row[]
  t.same(
    rows.map(row => reportRecord(row, of)),
    [
      ['23846765228310398', 345, 0, 720_000, 344],
      ['23846784938030398', 421, 1, 730_000, 419],
    ].map(([ad_id, impressions, clicks, spend_micros, reach]) => ({
      platform: 'meta',
      date: '2021-09-03',
      account_id: '212551616838260',
      campaign_id: '23846765228240398',
      impressions,
      clicks,
      spend_micros,
      revenue_micros: 0,
      currency: 'USD',
      conversions_micros: 0,
      settled: false,
      as_of: 1,
      adset_id: '23846765228280398',
      ad_id,
      reach,
    })),
  )
})

t.test('an action of a real row is credited by its windows', { skip }, async t => {
  const [, row] = insights!.rows as Row[]
  const counted = (over: object) => creditedTo(row!, 'actions', { ...settings, ...over })
  t.equal(counted({ purchase_action: 'landing_page_view' }), 1_000_000)
  t.equal(counted({ purchase_action: 'link_click', attribution_windows: ['28d_click'] }), 1_000_000)
  t.equal(counted({ purchase_action: 'link_click', attribution_windows: ['1d_view'] }), 0)
})

t.test('real objects come with amounts from cents', { skip }, async t => {
  t.match(campaignRecord(objects!.campaign as Row, account, 1), {
    level: 'campaign',
    campaign_id: '120208325579370399',
    name: 'New Awareness Campaign',
    status: 'ACTIVE',
    objective: 'OUTCOME_AWARENESS',
    budget_micros: null,
    budget_kind: null,
  })
  const partial = { id: '1', ...(objects!.adset_partial as Row) }
  t.match(adsetRecord(partial, account, 1), {
    campaign_id: '120208325579370399',
    budget_micros: 5_000_000,
    budget_kind: 'daily',
    bid_micros: 1_000_000,
    bid_strategy: 'COST_CAP',
  })
  const real = accountOf('212551616838260', {
    ...(objects!.account_partial as Row),
    timezone_name: account.zone,
  })
  t.match(accountRecord(real, 1), { status: 'ACTIVE', currency: 'USD', budget_micros: null })
})

t.test('one type of purchase is taken, never their sum', async t => {
  const actions = [
    'purchase',
    'omni_purchase',
    'offsite_conversion.fb_pixel_purchase',
    'onsite_web_purchase',
  ].map(action_type => ({ action_type, value: '3' }))
  t.equal(creditedTo({ actions }, 'actions', settings), 3_000_000)
  t.equal(creditedTo({}, 'actions', settings), 0)
  t.throws(() => creditedTo({ actions: 'x' }, 'actions', settings), /no list of actions/)
  t.ok(Settings.properties.access_token.secret)
})
