import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { Json } from '../../../connectors/google-ads/api/exact-json.ts'
import { budgetOf } from '../../../connectors/google-ads/budget.ts'
import { millionths, needed, text } from '../../../connectors/google-ads/fields.ts'
import { figuresOf } from '../../../connectors/google-ads/streams/figures.ts'
import { reportOf } from '../../../connectors/google-ads/streams/reports.ts'
import { exactJson } from '../../../plugins/rows/index.ts'

const FOLDER = '../shared/data/google_ads'
const file = (name: string) => `${FOLDER}/${name}`
const skip = existsSync(file('airbyte_real_ad_group_ad_rows.json')) ? false : `${FOLDER} is not there`

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const INT64 = /(?:\.|^)(id|impressions|clicks|cost_micros)$/

/** A row with flat names, as REST nests it: lowerCamelCase, int64 as text, doubles as they are written. */
function nested(flat: Readonly<Record<string, string>>): Json {
  const row: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(flat)) {
    const path = name.split('.').map(camel)
    let target = row
    for (const part of path.slice(0, -1)) {
      target[part] ??= {}
      target = target[part] as Record<string, unknown>
    }
    target[path.at(-1)!] = INT64.test(name) ? String(value) : value
  }
  return row
}

const DAYS = { from: '2023-12-31', to: '2024-01-01', zone: 'America/Los_Angeles', restatedFrom: '2024-01-01' }

t.test('the real rows of an account come to exact figures', { skip }, t => {
  const { rows } = exactJson(readFileSync(file('airbyte_real_ad_group_ad_rows.json'), 'utf8')) as {
    rows: Readonly<Record<string, string>>[]
  }
  const account = { id: '4651612872', currency: 'USD' }
  const reports = rows.map(row => reportOf(nested(row), true, account, DAYS, 1))
  t.same(reports, [
    {
      platform: 'google',
      date: '2023-12-31',
      account_id: '4651612872',
      campaign_id: '20643300404',
      adset_id: '155311392438',
      ad_id: '676665180945',
      impressions: 163,
      clicks: 30,
      spend_micros: 168_080_000,
      revenue_micros: 662_389_900,
      conversions_micros: 6_623_899,
      currency: 'USD',
      reach: null,
      settled: true,
      as_of: 1,
    },
    {
      platform: 'google',
      date: '2024-01-01',
      account_id: '4651612872',
      campaign_id: '20643300404',
      adset_id: '155311392438',
      ad_id: '676665180945',
      impressions: 257,
      clicks: 37,
      spend_micros: 328_930_000,
      revenue_micros: 1_079_553_500,
      conversions_micros: 12_795_535,
      currency: 'USD',
      reach: null,
      settled: false,
      as_of: 1,
    },
  ])
  // The average is in micros as a double, and stays what it is: cost by clicks.
  const [first, second] = rows.map(nested) as [Json, Json]
  t.equal(text(first, 'metrics.averageCpc'), '5602666.666666667')
  t.equal(text(second, 'metrics.averageCpc'), '8890000.0')
  t.equal(Number(text(second, 'metrics.averageCpc')) * 37, 328_930_000)
  t.equal(millionths(first, 'metrics.costPerConversion'), 25_374_783_039_415)
  t.end()
})

t.test('the answer of searchStream as the protos have it', { skip }, t => {
  const samples = exactJson(readFileSync(file('sample_payloads_from_protos.json'), 'utf8')) as {
    searchStream_response: { results: Json[] }[]
  }
  const [row] = samples.searchStream_response[0]!.results as [Json]
  t.same(figuresOf(row), {
    impressions: 100,
    clicks: 5,
    spend_micros: 12_340_000,
    revenue_micros: 99_900_000,
    conversions_micros: 1_500_000,
  })
  t.equal(budgetOf(row).micros, 50_000_000)
  t.equal(needed(row, 'campaign.id'), '456')
  t.end()
})

t.test('numbers are what is written, whatever a float would make of them', t => {
  const row = exactJson(
    '{"metrics":{"conversions":8589934592.000001,"conversionsValue":1e-7,"costMicros":"9007199254740991","n":"a 1.50 \\" 2"}}',
  ) as Json
  t.equal(millionths(row, 'metrics.conversions'), 8_589_934_592_000_001)
  t.equal(millionths(row, 'metrics.conversionsValue'), 0)
  t.equal(figuresOf(row).spend_micros, Number.MAX_SAFE_INTEGER)
  t.equal(text(row, 'metrics.n'), 'a 1.50 " 2', 'digits in texts stay')
  const large = exactJson('{"metrics":{"costMicros":"9007199254740993"}}') as Json
  t.throws(() => figuresOf(large), /metrics\.costMicros: .*too large/)
  t.throws(() => figuresOf({ metrics: { clicks: '1.5' } }), /metrics\.clicks: "1\.5" is no whole number/)
  t.throws(() => figuresOf({ metrics: 'none' }), /is in "none", which is no object/)
  t.end()
})
