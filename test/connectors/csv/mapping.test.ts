import { join } from 'node:path'
import t from 'tap'
import { folder, HEADER, MODIFIED, put, read, row } from './harness.ts'

const expected = {
  platform: 'tiktok',
  date: '2026-02-01',
  account_id: '1234567890',
  campaign_id: 'C1',
  adset_id: null,
  ad_id: null,
  impressions: 1234,
  clicks: null,
  spend_micros: 1_234_560_000,
  revenue_micros: 500_000,
  currency: 'EUR',
  conversions_micros: 1_500_000,
  reach: 0,
  settled: true,
  as_of: Date.UTC(2026, 1, 3, 4) * 1000,
}

const mapping = {
  decimal: ',',
  columns: {
    platform: 'Netz',
    date: { column: 'Tag', format: 'DD.MM.YYYY' },
    account_id: { column: 'Konto', remove: '-' },
    campaign_id: 'Kampagne',
    impressions: 'Impressionen',
    clicks: 'Klicks',
    spend_micros: 'Ausgaben',
    revenue_micros: { column: 'Umsatz (Cent)', unit: 'minor' },
    currency: [{ column: 'Währung', optional: true }],
    conversions_micros: 'Käufe',
    reach: { column: 'Reichweite', empty: 0 },
    settled: 'Fertig',
    as_of: { column: 'Stand', format: 'unix_s' },
  },
  constants: { currency: 'EUR' },
}
const german = [
  'Netz;Tag;Konto;Kampagne;Impressionen;Klicks;Ausgaben;Umsatz (Cent);Käufe;Reichweite;Fertig;Stand',
  `TikTok Ads;01.02.2026;123-456-7890; C1 ;1.234;--;1.234,56 €;50;1,5;;yes;${Date.UTC(2026, 1, 3, 4) / 1000}`,
].join('\r\n')

t.test('an own mapping, in the settings or in a file, over any encoding with a mark', async t => {
  const utf16 = Buffer.from(`\ufeff${german.replaceAll(';', '\t')}`, 'utf16le')
  const path = folder(t, { 'a.csv': german, 'b.csv': `\ufeff${german}`, 'c.csv': utf16 })
  put(join(path, 'my.json'), JSON.stringify(mapping))
  for (const given of [mapping, join(path, 'my.json')]) {
    const { records, rejected } = await read({ path, mapping: given })
    t.same(rejected, [])
    t.same(records, [expected, expected, expected])
  }
})

t.test('a YAML mapping', async t => {
  const path = folder(t, { 'a.csv': 'Day|Campaign|Cost\n20260201|7|1.5\n' })
  put(
    join(path, 'my.yaml'),
    [
      'columns:',
      '  date: { column: Day, format: YYYYMMDD }',
      '  campaign_id: Campaign',
      '  spend_micros: Cost',
      'constants: { platform: snap, account_id: A, currency: USD, as_of: "2026-02-02T00:00:00Z" }',
    ].join('\n'),
  )
  const { records } = await read({ path, mapping: join(path, 'my.yaml') })
  const as_of = Date.UTC(2026, 1, 2) * 1000
  t.match(records, [
    { platform: 'snapchat', date: '2026-02-01', spend_micros: 1_500_000, settled: false, as_of },
  ])
})

t.test('generic: our own names, amounts in micros or major units; as_of is the time of the file', async t => {
  const path = folder(t, {
    'a.csv': [HEADER, row(1, { platform: 'AdWords', adset_id: '' })].join('\n'),
    'b.csv': 'Campaign_ID,spend_micros,conversions_micros\n7,1250000,500000\n',
  })
  const settings = { account_id: 'a', date: '2026-02-01', currency: 'EUR', platform: 'google' }
  const { records } = await read({ path, mapping: 'generic', ...settings })
  t.match(records[0], { platform: 'google', adset_id: null, spend_micros: 1_250_000, as_of: MODIFIED * 1e6 })
  t.match(records[1], {
    campaign_id: '7',
    spend_micros: 1_250_000,
    conversions_micros: 500_000,
    clicks: null,
  })
})

t.test('google-ads: title lines, thousands, totals', async t => {
  const text = [
    'Ad report',
    '"February 1, 2026 - February 2, 2026"',
    'Day,Customer ID,Currency code,Campaign ID,Ad group ID,Ad ID,Impr.,Clicks,Cost,Conversions,Conv. value',
    '2026-02-01,123-456-7890,USD,11,21,31,"1,234",5,"1,006.50",0.33, --',
    'Total: Ads,,USD,,,,"1,234",5,"1,006.50",0.33,0',
  ].join('\n')
  const { records, rejected, notices } = await read({
    path: folder(t, { 'g.csv': text }),
    mapping: 'google-ads',
  })
  t.same(rejected, [])
  t.match(records, [
    {
      platform: 'google',
      account_id: '1234567890',
      ad_id: '31',
      impressions: 1234,
      spend_micros: 1_006_500_000,
      conversions_micros: 330_000,
      revenue_micros: null,
    },
  ])
  t.match(notices, [/its header is line 3/, /1 rows of totals left out/])
})

t.test('day and month are read in the order of the format, never guessed', async t => {
  const path = folder(t, { 'a.csv': 'd,c\n02/01/2026,1\n13/01/2026,2\n01/13/2026,3\n' })
  const constants = { platform: 'meta', account_id: 'a', currency: 'EUR' }
  const by = (format: string) =>
    read({ path, mapping: { columns: { date: { column: 'd', format }, campaign_id: 'c' }, constants } })
  const days = await by('DD/MM/YYYY')
  t.same(
    days.records.map(r => r.date),
    ['2026-01-02', '2026-01-13'],
  )
  const months = await by('MM/DD/YYYY')
  t.same(
    months.records.map(r => r.date),
    ['2026-02-01', '2026-01-13'],
  )
  t.equal(days.rejected.length + months.rejected.length, 2)
})
