import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { accountOf } from '../../../connectors/snapchat/api/account.ts'
import { outcomesOf } from '../../../connectors/snapchat/api/envelope.ts'
import { instantOf } from '../../../connectors/snapchat/fields.ts'
import type { Settings } from '../../../connectors/snapchat/settings.ts'
import { campaignRecord } from '../../../connectors/snapchat/streams/entities.ts'
import { qualityOf } from '../../../connectors/snapchat/streams/quality.ts'
import { reportsOf } from '../../../connectors/snapchat/streams/stats.ts'
import { only } from '../../../plugins/http/index.ts'
import type { FromSchema } from '../../../plugins/schema.ts'

const DATA = join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/data/snapchat')
const SAMPLE = join(DATA, 'create_campaign_example_third_party.json')

const account = accountOf({ id: 'a1', name: 'A', currency: 'USD', timezone: 'America/Los_Angeles' })

const skip = existsSync(SAMPLE) ? false : 'the samples of ../shared/data are not there'

t.test('the published campaign: 50 dollars a day, to the micro', { skip }, async t => {
  const { response_body } = JSON.parse(readFileSync(SAMPLE, 'utf8'))
  const row = only(outcomesOf(response_body, 'campaigns', 'campaign'))
  t.match(campaignRecord(row, account, 1), {
    level: 'campaign',
    campaign_id: 'c1d2e3f4-5678-90ab-cdef-1234567890ab',
    name: 'Spring 2026 Brand Awareness',
    status: 'ACTIVE',
    objective: 'AWARENESS',
    budget_micros: 50_000_000,
    budget_kind: 'daily',
  })
  t.equal(instantOf(row.start_time), Date.parse('2026-05-01T07:00:00Z') * 1000)
  t.equal(instantOf('2026-05-01T00:00:00.000-0700'), instantOf(row.start_time), 'as it was sent')
})

t.test('times without an offset or that are none are not guessed', async t => {
  for (const text of ['2026-05-01', '2026-05-01T00:00:00', 'yesterday', '', null, 5, '2026-13-01T00:00:00Z'])
    t.equal(instantOf(text), null, String(text))
})

/** As platforms.md §4.2 has the shape, with a breakdown. */
const stat = (stats: object, more: object = {}) => ({
  id: 'c1',
  type: 'CAMPAIGN',
  granularity: 'DAY',
  start_time: '2026-03-07T00:00:00.000-08:00',
  end_time: '2026-03-09T00:00:00.000-07:00',
  finalized_data_end_time: '2026-03-09T00:00:00.000-07:00',
  breakdown_stats: {
    ad: [
      {
        id: 'ad1',
        type: 'AD',
        granularity: 'DAY',
        timeseries: [
          {
            start_time: '2026-03-08T00:00:00.000-08:00',
            end_time: '2026-03-09T00:00:00.000-07:00',
            stats,
            ...more,
          },
        ],
      },
    ],
  },
})

const settings = { swipe_up_attribution_window: '28_DAY', view_attribution_window: '1_DAY' }
const of = (asOf = '2026-03-10T00:00:00Z') => ({
  account,
  campaign: 'c1',
  days: { from: '2026-03-07', to: '2026-03-08', zone: account.zone, restatedFrom: '2026-02-10' },
  adsets: new Map([['ad1', 's1']]),
  settings: settings as FromSchema<typeof Settings>,
  asOf: Date.parse(asOf) * 1000,
})

t.test('statistics of the day on which clocks go forward', async t => {
  const stats = {
    impressions: 4787,
    swipes: 48,
    spend: 20_000_001,
    conversion_purchases: 3,
    conversion_purchases_value: 149_970_000,
  }
  const { records, rejected } = reportsOf(stat(stats), of())
  t.same(rejected, [])
  t.same(records, [
    {
      platform: 'snapchat',
      date: '2026-03-08',
      account_id: 'a1',
      campaign_id: 'c1',
      adset_id: 's1',
      ad_id: 'ad1',
      impressions: 4787,
      clicks: 48,
      spend_micros: 20_000_001,
      revenue_micros: 149_970_000,
      currency: 'USD',
      conversions_micros: 3_000_000,
      reach: null,
      settled: false,
      as_of: Date.parse('2026-03-10T00:00:00Z') * 1000,
    },
  ])
  const later = reportsOf(stat(stats), of('2026-04-06T07:00:00Z')).records[0]!
  t.equal(later.settled, true, 'delivery is final, and 28 days are over')
  t.equal(reportsOf(stat(stats), of('2026-04-06T06:59:59Z')).records[0]!.settled, false)
  const { finalized_data_end_time: _, ...open } = stat(stats)
  t.equal(reportsOf(open, of('2027-01-01T00:00:00Z')).records[0]!.settled, false, 'it was not said')
})

t.test('what is not said is null; fractions of conversions are exact', async t => {
  const [record] = reportsOf(stat({ spend: 5, conversion_purchases: 1.3 }), of()).records
  t.match(record, {
    impressions: null,
    clicks: null,
    revenue_micros: null,
    spend_micros: 5,
    conversions_micros: 1_300_000,
  })
})

t.test('rows that cannot be read say why', async t => {
  const why = (stats: object, more: object = {}) =>
    reportsOf(stat(stats, more), of()).rejected.map(({ reason }) => reason)[0]
  t.match(why({ spend: '5' }), /^spend: "5" is no whole number/)
  t.match(why({ spend: 1.5 }), /^spend: 1.5 is no whole number/)
  t.match(why({ spend: 2 ** 60 }), /is no whole number/, 'it has lost digits')
  t.match(why({}, { start_time: '2026-03-08T00:00:00.000Z' }), /is no midnight in America\/Los_Angeles/)
  t.match(why({}, { start_time: '2026-03-12T00:00:00.000-07:00' }), /was not asked for/)
  t.match(why({}, { stats: [] }), /stats: \[\] is no object/)
  t.match(reportsOf({ timeseries: [] }, of()).rejected[0], { reason: /no list of ads/ })
  t.same(reportsOf({ id: 'c1' }, of()), { records: [], rejected: [] }, 'no ads, no breakdown')
})

t.test('match quality: what names itself is taken, all is kept, nothing is guessed', async t => {
  const unknown = { request_status: 'SUCCESS', request_id: 'r', readiness: { overall: 7.5 } }
  t.match(qualityOf(unknown, 'p', 'a1', 1), [
    {
      pixel_id: 'p',
      event_name: null,
      score: null,
      scale: null,
      platform_answer: '{"readiness":{"overall":7.5}}',
    },
  ])
  const named = { list: [{ sub_request_status: 'SUCCESS', item: { event_type: 'PURCHASE', score: 7.5 } }] }
  t.match(qualityOf(named, 'p', 'a1', 1), [{ event_name: 'PURCHASE', score: 7.5, scale: null }])
  t.same(qualityOf({ request_status: 'SUCCESS', list: [] }, 'p', 'a1', 1), [])
})
