import { join } from 'node:path'
import t from 'tap'
import { contentsOf } from '../chaos/inspect.ts'
import { temporaryFolder } from '../support/folder.ts'
import { json } from '../support/program.ts'
import { absent, csvRows, ROOT, real } from './real.ts'

const FILE = 'meta/KAG_conversion_data.csv'

t.setTimeout(240_000)
t.test('real ads of a file without date, account or currency', { skip: absent(FILE) }, async t => {
  const dir = join(temporaryFolder(t), 'data')
  // The clock of the machine: the file's own time, which is the as_of of its rows, has to lie before it.
  // These days are of 2017: older than rows are kept by default, some day.
  const options = { cwd: ROOT, env: { STRATUM_WAREHOUSE__RETENTION_YEARS: '50' } }
  const ingest = (...sets: string[]) =>
    json(
      [
        ...['ingest', 'csv', '--set', `path=${real(FILE)}`, '--set', 'mapping=kag'],
        ...sets.flatMap(set => ['--set', set]),
        ...['--tenant', 'demo', '--data', dir],
      ],
      options,
    )
  const query = (sql: string) => json<Record<string, unknown>[]>(['query', sql, '--data', dir], options)

  t.match(await ingest(), { read: 1143, written: 1143, dead_lettered: 0, repeats: 0 })
  // Counted apart from this code, with decimal arithmetic.
  const sums = {
    ads: 1143,
    campaigns: 3,
    impressions: 213_434_828,
    clicks: 38_165,
    spend_cents: 5_870_523,
    conversions: 1079,
  }
  const totals = `SELECT count() AS ads, uniqExact(campaign_id) AS campaigns, sum(impressions) AS impressions,
    sum(clicks) AS clicks, intDiv(sum(spend_micros) + 5000, 10000) AS spend_cents, toInt64(sum(conversions)) AS conversions
    FROM stratum.ad_metrics_daily_current`
  t.same(await query(totals), [sums])
  t.same(
    await query(`SELECT ad_id, adset_id, campaign_id, impressions, clicks, spend_micros, toFloat64(conversions) AS conversions
      FROM stratum.ad_metrics_daily_current ORDER BY toUInt64(ad_id)`),
    csvRows(FILE)
      .map(row => ({
        ad_id: row.ad_id,
        adset_id: row.fb_campaign_id,
        campaign_id: row.xyz_campaign_id,
        impressions: Number(row.Impressions),
        clicks: Number(row.Clicks),
        spend_micros: Math.round(Number(row.Spent) * 1_000_000),
        conversions: Number(row.Approved_Conversion),
      }))
      .sort((a, b) => Number(a.ad_id) - Number(b.ad_id)),
    'every ad with its own figures',
  )

  const before = await contentsOf(dir)
  t.match(await ingest(), { read: 0, written: 0, dead_lettered: 0 }, 'read again: nothing is new')
  t.same(await contentsOf(dir), before)

  t.match(
    await ingest('platform=Facebook Ads'),
    { read: 1143, dead_lettered: 0 },
    'another connection, the same ads',
  )
  t.same(await query(totals), [sums])
  t.same(await contentsOf(dir), before)
})
