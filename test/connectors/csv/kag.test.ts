import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { check, DATA, read } from './harness.ts'

const KAG = join(DATA, 'meta/KAG_conversion_data.csv')
const CAMPAIGNS = join(DATA, 'google_ads/developer_assistant_campaigns.csv')
const absent = existsSync(KAG) ? false : `${KAG} is not there`

t.test('the KAG file comes out whole', { skip: absent }, async t => {
  await check({ path: KAG, mapping: 'kag' })
  const { records, rejected, notices } = await read({ path: KAG, mapping: 'kag' })
  t.equal(records.length, 1143)
  t.same(rejected, [])
  t.same(notices, [])
  const sum = (field: 'impressions' | 'clicks' | 'spend_micros' | 'conversions_micros') =>
    records.reduce((total, record) => total + record[field]!, 0)
  // Counted apart from this code, with decimal arithmetic; spend is the sum of the rows rounded to micros.
  t.equal(sum('impressions'), 213_434_828)
  t.equal(sum('clicks'), 38_165)
  t.equal(sum('spend_micros'), 58_705_229_966)
  t.equal(sum('conversions_micros'), 1_079_000_000)
  t.same(
    ['916', '936', '1178'].map(id => records.filter(r => r.campaign_id === id).length),
    [54, 464, 625],
  )
  t.equal(new Set(records.map(r => r.adset_id)).size, 691)
  const { as_of, ...first } = records[0]!
  t.ok(Number.isSafeInteger(as_of))
  t.same(first, {
    platform: 'meta',
    date: '2017-08-31',
    account_id: 'kag',
    campaign_id: '916',
    adset_id: '103916',
    ad_id: '708746',
    impressions: 7350,
    clicks: 1,
    spend_micros: 1_430_000,
    revenue_micros: null,
    currency: 'USD',
    conversions_micros: 1_000_000,
    reach: null,
    settled: true,
  })
})

t.test('settings stand for what the file lacks', { skip: absent }, async t => {
  const over = { date: '2026-01-31', account_id: 123, currency: 'eur', platform: 'Facebook Ads' }
  const { records } = await read({ path: KAG, mapping: 'kag', ...over })
  const { platform, date, account_id, currency } = records.at(-1)!
  t.same([platform, date, account_id, currency], ['meta', '2026-01-31', '123', 'EUR'])
})

t.test('a file without the mapped columns names its header', { skip: absent }, async t => {
  const config = { path: CAMPAIGNS, mapping: 'google-ads' }
  const message = /no column 'Day' \(for date\); its header is: Campaign ID, Campaign Name, Campaign Status/
  await t.rejects(check(config), { kind: 'config', message })
  await t.rejects(read(config), { kind: 'config', message })
})
