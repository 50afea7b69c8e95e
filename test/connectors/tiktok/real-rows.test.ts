import t from 'tap'
import {
  adDemographic,
  adReport,
  ageOf,
  figures,
  genderOf,
} from '../../../connectors/tiktok/streams/report-rows.ts'
import { noSample, sample } from './support.ts'

const advertiser = { id: '7002238017842757633', currency: 'USD', zone: 'Etc/GMT+8', row: {} }
const said = { advertiser, restatedFrom: '2021-10-25', asOf: 1 }

t.test('spend, impressions and clicks of the real campaigns', { skip: noSample }, async t => {
  const rows = sample().campaigns_daily!.map(row => figures(row.metrics!))
  const unsaid = { revenue_micros: null, conversions_micros: null }
  t.same(rows, [
    { impressions: 3520, clicks: 42, spend_micros: 20_000_000, ...unsaid },
    { impressions: 4787, clicks: 48, spend_micros: 20_000_000, ...unsaid },
    { impressions: 4077, clicks: 67, spend_micros: 20_000_000, ...unsaid },
    { impressions: 0, clicks: 0, spend_micros: 0, ...unsaid },
  ])
})

t.test('life times of the real campaigns and their advertiser', { skip: noSample }, async t => {
  const rows = sample().lifetime!.map(row => figures(row.metrics!))
  t.same(
    rows.map(row => [row.spend_micros, row.impressions, row.clicks]),
    [
      [60_000_000, 15_689, 145],
      [200_000_000, 46_116, 540],
      [280_000_000, 66_691, 750],
    ],
  )
})

t.test('a real ad and day as a record', { skip: noSample }, async t => {
  // The sample has the campaign's row; the ids of an ad's row are asked for as metrics.
  const { dimensions, metrics } = sample().campaigns_daily![0]!
  const row = {
    dimensions: { ad_id: '1714125051115569', stat_time_day: dimensions!.stat_time_day },
    metrics: { ...metrics, campaign_id: dimensions!.campaign_id, adgroup_id: '1714125049901106' },
  }
  t.same(adReport(row, said), {
    platform: 'tiktok',
    date: '2021-10-22',
    account_id: '7002238017842757633',
    campaign_id: '1714125042508817',
    adset_id: '1714125049901106',
    ad_id: '1714125051115569',
    impressions: 3520,
    clicks: 42,
    spend_micros: 20_000_000,
    revenue_micros: null,
    conversions_micros: null,
    reach: 2908,
    currency: 'USD',
    settled: true,
    as_of: 1,
  })
})

t.test('a real group of people as a record', { skip: noSample }, async t => {
  const records = sample().ads_audience_daily!.map(({ dimensions, metrics }) =>
    adDemographic(
      { dimensions: { ...dimensions, campaign_id: '1714125042508817', country_code: 'US' }, metrics },
      said,
    ),
  )
  const common = {
    platform: 'tiktok',
    account_id: '7002238017842757633',
    campaign_id: '1714125042508817',
    gender: 'male',
    country: 'US',
    revenue_micros: null,
    conversions_micros: 0,
    currency: 'USD',
    as_of: 1,
  }
  t.same(records, [
    {
      ...common,
      ...{ date: '2021-10-25', age: '25-34', settled: false },
      ...{ impressions: 1222, clicks: 12, spend_micros: 3_690_000 },
    },
    {
      ...common,
      ...{ date: '2021-10-21', age: '45-54', settled: true },
      ...{ impressions: 329, clicks: 5, spend_micros: 1_770_000 },
    },
  ])
})

t.test('what has no value is unknown, and what is no value is refused', async t => {
  t.same(figures({ spend: '-', impressions: '-', total_purchase_value: '-' }), {
    impressions: null,
    clicks: null,
    spend_micros: null,
    revenue_micros: null,
    conversions_micros: null,
  })
  t.match(figures({ spend: '0.000001', conversion: '2.5' }), {
    spend_micros: 1,
    conversions_micros: 2_500_000,
  })
  t.throws(() => figures({ spend: '20,5' }), /spend: '20,5' is not a number/)
  t.throws(() => figures({ clicks: '1.5' }), /clicks: "1.5" is no whole number/)
  t.throws(() => figures({ clicks: ['1'] }), /clicks: \["1"\] is no number/)
  t.throws(() => figures({ spend: '1e30' }), /spend: '1e30' is too large/)
})

t.test('an id that lost digits on its way is refused', async t => {
  const metrics = { campaign_id: '1', adgroup_id: '2' }
  // Past 2^53 a JSON number stands for several ids.
  const cast = { dimensions: { ad_id: Number('7002238017842757633'), stat_time_day: '2021-10-22' }, metrics }
  t.throws(() => adReport(cast, said), /ad_id: 7002238017842758000 is no id/)
  t.throws(() => adReport({ dimensions: { stat_time_day: '2021-10-22' }, metrics }, said), /ad_id is missing/)
  t.throws(
    () => adReport({ dimensions: { ad_id: '1' }, metrics }, said),
    /stat_time_day: undefined is no day/,
  )
  t.throws(() => adReport({ metrics }, said), /dimensions are missing/)
})

t.test('groups of people in the words of all platforms', async t => {
  t.same(['AGE_13_17', 'AGE_25_34', 'AGE_55_100', 'NONE', null, 'NEW'].map(ageOf), [
    ...['13-17', '25-34', '55+', 'unknown', 'unknown', 'NEW'],
  ])
  t.same(['FEMALE', 'MALE', 'NONE', null].map(genderOf), ['female', 'male', 'unknown', 'unknown'])
})
