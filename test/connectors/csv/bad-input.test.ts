import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { check, folder, HEADER, put, type Reading, read, row } from './harness.ts'

const rejectedOf = ({ rejected }: Reading) => rejected.map(r => [r.origin, r.reason])

t.test(
  'every kind of bad row is rejected with its reason, place and bytes, and the others come through',
  async t => {
    const bad: [Partial<Record<string, string>>, RegExp][] = [
      [{ date: '2026-02-30' }, /column date: '2026-02-30' is not a date YYYY-MM-DD/],
      [{ date: '01/02/2026' }, /is not a date YYYY-MM-DD/],
      [{ date: '1999-12-31' }, /lies before 2000-01-01/],
      [{ date: '2026-03-03' }, /lies after the report itself \(2026-03-01T00:00:00.000Z\)/],
      [{ date: '' }, /column date is empty/],
      [{ currency: 'XXQ' }, /unknown currency 'XXQ'/],
      [{ currency: '' }, /column currency is empty/],
      [{ platform: 'myspace' }, /unknown platform 'myspace'/],
      [{ impressions: 'many' }, /column impressions: 'many' is not a number/],
      [{ impressions: '1.5' }, /column impressions: '1.5' is not a whole number/],
      [{ clicks: '-1' }, /column clicks: '-1' is negative/],
      [{ spend: '1.2.3' }, /column spend: '1.2.3' is not a number/],
      [{ spend: '$5' }, /'\$' is no sign of it/],
      [{ spend: '9'.repeat(30) }, /column spend: '9+' is too large/],
      [{ spend: 'x'.repeat(90) }, /column spend: 'x{40}…'/],
      [{ conversions: '1e99' }, /column conversions/],
      [{ campaign_id: '' }, /column campaign_id is empty/],
      [{ ad_id: '2.38E+16' }, /rounded/],
      [{ ad_id: '3,extra' }, /has 12 columns, the header has 11/],
    ]
    const lines = bad.map(([change], i) => row(1000 + i, change))
    const short = 'meta,2026-02-01'
    const latin1 = Buffer.from(`${row(2000, { campaign_id: 'Caf\xe9' })}\n`, 'latin1')
    const head = [HEADER, row(1), ...lines, short, row(2)].join('\n')
    const path = join(
      folder(t, { 'spend.csv': Buffer.concat([Buffer.from(`${head}\n`), latin1, Buffer.from(row(3))]) }),
      'spend.csv',
    )
    const found = await read({ path, mapping: 'generic' })
    t.same(
      found.records.map(r => r.ad_id),
      ['1', '2', '3'],
    )
    t.equal(found.rejected.length, bad.length + 2)
    for (const [i, [, reason]] of bad.entries()) {
      const rejected = found.rejected[i]!
      t.match(rejected.reason, reason)
      t.equal(rejected.origin, `spend.csv line ${i + 3}`)
      t.equal(rejected.bytes?.toString(), lines[i])
    }
    t.match(found.rejected.at(-2)!.reason, 'has 2 columns, the header has 11')
    t.match(found.rejected.at(-1)!.reason, 'is not valid UTF-8')
    t.ok(found.rejected.at(-1)!.bytes?.equals(latin1.subarray(0, -1)))
    t.notMatch(JSON.stringify(found.records), /NaN/)
  },
)

t.test('a row of 20 MB is rejected with its bytes; the rows around it come through', async t => {
  const long = row(2, { campaign_id: 'x'.repeat(20 * 2 ** 20) })
  const path = folder(t, { 'spend.csv': [HEADER, row(1), long, row(3)].join('\n') })
  const found = await read({ path, mapping: 'generic' })
  t.same(
    found.records.map(r => r.ad_id),
    ['1', '3'],
  )
  t.match(found.rejected[0]!.reason, /^a row of 209\d{5} bytes/)
  t.ok(found.rejected[0]!.bytes?.equals(Buffer.from(long)))
})

t.test('empty files, headers alone, damaged archives', async t => {
  const whole = gzipSync([HEADER, ...Array.from({ length: 5000 }, (_, i) => row(i))].join('\n'))
  const path = folder(t, {
    'a.csv': '',
    'b.csv': ' \n\n',
    'c.csv': HEADER,
    'd.csv.gz': whole,
    'e.csv.gz': whole.subarray(0, whole.length >> 1),
    'f.csv.gz': 'no archive',
    'g.tsv': [HEADER, row(1)].join('\n').replaceAll(',', '\t'),
    'notes.txt': 'left alone',
  })
  const found = await read({ path, mapping: 'generic' })
  t.same(
    found.rejected
      .filter(r => r.origin.startsWith('a') || r.origin.startsWith('b'))
      .map(r => [r.origin, r.reason]),
    [
      ['a.csv', 'empty file'],
      ['b.csv', 'empty file'],
    ],
  )
  t.match(found.notices.join('\n'), /1 files left alone[\s\S]*c\.csv: has a header and no rows/)
  const broken = found.rejected.filter(r => r.origin.startsWith('e.csv'))
  t.match(broken[0]!.reason, 'the file breaks off in this row')
  t.match(
    broken[1]!.reason,
    /gzip data is damaged or truncated \(unexpected end of file\): what comes after is lost/,
  )
  t.match(found.rejected.at(-1)!.reason, /gzip data is damaged or truncated \(incorrect header check\)/)
  t.ok(found.records.length > 5001 && found.records.length < 10001)
  const again = await read({ path, mapping: 'generic' }, found.states.at(-1))
  t.same([again.records, again.rejected], [[], []])
})

t.test('two rows of one ad and day: rejected by default, or summed', async t => {
  const two = [row(1), row(2), row(1, { spend: '0.10', impressions: '' }), row(1, { currency: 'USD' })]
  const path = folder(t, { 'spend.csv': [HEADER, ...two].join('\n') })
  const rejecting = await read({ path, mapping: 'generic' })
  t.same(
    rejecting.records.map(r => r.ad_id),
    ['1', '2'],
  )
  t.match(rejectedOf(rejecting), [
    ['spend.csv line 4', /lines 2 and 4 report the same ad and day/],
    ['spend.csv line 5', /lines 2 and 5/],
  ])
  const summing = await read({ path, mapping: 'generic', duplicates: 'sum' })
  t.match(summing.records, [
    { ad_id: '1', spend_micros: 1_350_000, impressions: null, clicks: 4, conversions_micros: 1_000_000 },
    { ad_id: '2', spend_micros: 1_250_000, impressions: 100 },
  ])
  t.match(rejectedOf(summing), [['spend.csv line 5', /one ad and day in EUR and USD/]])
})

t.test('what is wrong with the configuration is said in one line', async t => {
  const path = folder(t, {
    'spend.csv': `${HEADER}\n${row(1)}`,
    'bad.yaml': 'columns: [',
    'twice.csv.txt': '',
  })
  const columns = { campaign_id: 'campaign_id' }
  const rest = { platform: 'meta', date: '2026-02-01', account_id: 'a', currency: 'EUR' }
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ path: join(path, 'nowhere'), mapping: 'generic' }, /^\/path: \/.*nowhere does not exist$/],
    [{ path: folder(t), mapping: 'generic' }, /^\/path: no .csv, .tsv, .csv.gz or .tsv.gz file in/],
    [
      { path, mapping: 'kaggle' },
      /^\/mapping: no ready mapping 'kaggle': there are generic, google-ads, kag/,
    ],
    [{ path, mapping: join(path, 'no.yaml') }, /^\/mapping: cannot read .*: no such file/],
    [{ path, mapping: join(path, 'bad.yaml') }, /^\/mapping: .*bad.yaml is neither YAML nor JSON: /],
    [{ path, mapping: { columns: { spent: 'Spent' } } }, /^\/mapping\/columns: 'spent' is not known here/],
    [{ path, mapping: { columns: { clicks: { column: 'Clicks', unit: 'cents' } } } }, /: major minor micros/],
    [{ path, mapping: { columns } }, /says nothing of platform: map a column or give a constant/],
    [{ path, mapping: { columns: {}, constants: rest } }, /says nothing of campaign_id/],
    [{ path, mapping: 'generic', date: '01/02/2026' }, /^\/date: '01\/02\/2026' is not a date YYYY-MM-DD/],
    [{ path, mapping: 'generic', currency: 'EURO' }, /^\/currency: 'EURO' is not an ISO 4217 currency/],
    [{ path, mapping: 'generic', platform: 'myspace' }, /^\/platform: unknown platform 'myspace'/],
    [{ path, mapping: 'generic', account_id: 2 ** 60 }, /^\/account_id: .* lost digits as a number/],
    [
      { path, mapping: { columns: { ...columns, date: { column: 'd', format: 'DD/MM' } } } },
      /needs YYYY, MM and DD/,
    ],
    [
      { path, mapping: { columns: { ...columns, clicks: 'Klicks' }, constants: rest } },
      /no column 'Klicks' .*header/,
    ],
  ]
  for (const [config, message] of cases) {
    await t.rejects(check(config), { kind: 'config', message })
    await t.rejects(read(config), { kind: 'config', message })
  }
  const twice = join(path, 'twice.csv')
  put(twice, 'campaign_id,Campaign_ID\n1,2\n')
  const message = /twice.csv: column 'campaign_id' is there twice; its header is: campaign_id, Campaign_ID/
  await t.rejects(read({ path: twice, mapping: { columns, constants: rest } }), { message })
})
