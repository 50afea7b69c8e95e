import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { exportRows, ndjson } from '../../../connectors/ga4/support.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { documents, json, run } from '../../../support/program.ts'

const SPEND = `date,platform,account_id,campaign_id,ad_id,impressions,clicks,spend,currency
2026-01-10,meta,a1,c1,x1,1000,10,12.50,USD
2026-01-10,meta,a1,c1,x2,500,5,3.20,USD
2026-01-11,meta,a1,c1,x1,oops,9,11.00,USD
2026-01-11,meta,a1,c1,x2,900,9,11.00,USD
`

t.setTimeout(240_000)
const cwd = temporaryFolder(t)
writeFileSync(join(cwd, 'spend.csv'), SPEND)
writeFileSync(join(cwd, 'events.ndjson'), ndjson(exportRows(3, { user_id: 'eve@example.com' })))
writeFileSync(join(cwd, 'csv.yaml'), 'path: spend.csv\nmapping: generic\n')
const CSV = ['csv', '--set', 'path=spend.csv', '--set', 'mapping=generic']
const stratum = (...args: string[]) => run(args, { cwd })

interface Message {
  readonly type: 'RECORD' | 'STATE'
  readonly record: Record<string, unknown>
  readonly time: string
}
const records = (out: string) => documents<Message>(out).filter(m => m.type === 'RECORD')

t.test('connectors, spec: what there is and what it has to be told', async t => {
  const list = await json<Record<string, unknown>[]>(['connectors'])
  t.match(
    list.find(c => c.id === 'csv'),
    { version: /^\d+\.\d+\.\d+$/, streams: ['ad_reports'], source: 'connectors/csv' },
  )
  t.same([...new Set(list.flatMap(Object.keys))], ['id', 'version', 'streams', 'source'])
  t.match(await stratum('connectors'), { code: 0, err: '', out: /^csv +\S+ +ad_reports/m })
  t.match(await json(['spec', 'csv']), { type: 'object', required: ['path', 'mapping'] })
  t.match(await stratum('spec', 'csv'), { code: 0, out: /^path +string +yes/m })
  t.match(await stratum('spec', 'cvs'), {
    code: 2,
    out: '',
    err: /no connector cvs \(did you mean "csv"\?\)/,
  })
})

t.test('check: can it connect; else exit 1 and one line', async t => {
  t.match(await stratum('check', ...CSV, '--json'), { code: 0, out: /"status": "ok"/ })
  t.match(await stratum('check', 'csv', '--config', 'csv.yaml'), { code: 0 })
  const cases: [string[], number, RegExp][] = [
    [['csv', '--config', 'csv.yaml', '--set', 'path=nope.csv'], 1, /csv: \/path: nope\.csv does not exist/],
    [['csv', '--set', 'path=spend.csv', '--set', 'mapping=kag'], 1, /csv: .*spend\.csv/],
    [['csv', '--set', 'path=spend.csv'], 1, /\/mapping is required/],
    [['csv', '--set', 'pth=spend.csv'], 1, /\/pth is not a setting \(did you mean "path"\?\)/],
    [['csv', '--set', 'path'], 2, /key=value/],
  ]
  for (const [args, code, err] of cases) {
    const result = await stratum('check', ...args)
    t.match(result, { code, out: '', err }, args.join(' '))
    t.equal(result.err.split('\n').length, 2, 'one line')
  }
})

t.test('discover: streams with schema, primary key and cursor field', async t => {
  const [stream, ...more] = await json<Record<string, unknown>[]>(['discover', ...CSV], { cwd })
  t.same(more, [])
  t.match(stream, {
    name: 'ad_reports',
    kind: 'ad_report',
    primary_key: ['platform', 'account_id', 'campaign_id', 'adset_id', 'ad_id', 'date'],
    cursor_field: 'date',
    schema: { type: 'object', properties: { clicks: {} } },
  })
  t.match(await stratum('discover', ...CSV), { code: 0, out: /^ad_reports /m })
})

t.test('read: records, states, what is rejected beside them; it goes on from what it printed', async t => {
  const all = await stratum('read', ...CSV)
  t.equal(all.code, 0)
  t.match(
    records(all.out).map(m => m.record),
    [
      { ad_id: 'x1', date: '2026-01-10', impressions: 1000, spend_micros: 12_500_000, currency: 'USD' },
      { ad_id: 'x2', date: '2026-01-10' },
      { ad_id: 'x2', date: '2026-01-11' },
    ],
  )
  t.match(records(all.out)[0]!.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  t.match(all.err, /^rejected: spend\.csv line 4: .*impressions.*oops/m)
  t.match(all.err, /^3 records, 1 rejected; nothing is stored$/m)

  const first = await stratum('read', ...CSV, '--limit', '1')
  writeFileSync(join(cwd, 'first.ndjson'), first.out)
  const rest = await stratum('read', ...CSV, '--state', 'first.ndjson')
  t.same(
    [...records(first.out), ...records(rest.out)].map(m => m.record),
    records(all.out).map(m => m.record),
  )
  t.match(rest.err, /^2 records, 0 rejected/m)

  const { state } = documents<{ state: unknown }>(rest.out).at(-1)!
  writeFileSync(join(cwd, 'state.json'), JSON.stringify(state, null, 2))
  t.match(await stratum('read', ...CSV, '--state', 'state.json'), { code: 0, out: '', err: /no new records/ })
})

t.test('read shows no person: only the pseudonym that would be stored for the tenant', async t => {
  const ga4 = ['read', 'ga4', '--set', 'path=events.ndjson']
  const [one, other] = [await stratum(...ga4), await stratum(...ga4, '--tenant', 'acme')]
  const people = (out: string) => [...new Set(records(out).map(m => m.record.user_id as string))]
  t.equal(records(one.out).length, 3)
  t.match(people(one.out), [/^[0-9a-f]{32}$/])
  t.match(people(other.out), [/^[0-9a-f]{32}$/])
  t.not(people(one.out)[0], people(other.out)[0])
  t.notMatch(one.out + one.err, /eve@|111\.222/)
})

t.test('read: mistakes are one line', async t => {
  writeFileSync(join(cwd, 'foreign.json'), '{"type":"STATE","state":{"events":{"cursor":null}}}\n')
  writeFileSync(join(cwd, 'odd.json'), '{"ad_reports":{"at":3}}\n')
  const cases: [string[], number, RegExp][] = [
    [['--stream', 'ad_report'], 2, /no stream ad_report \(did you mean "ad_reports"\?\)/],
    [['--limit', '0'], 2, /whole number, at least 1/],
    [['--tenant', 'a b'], 2, /tenant "a b" must be/],
    [['--state', 'nope.json'], 1, /nope\.json: there is no such file/],
    [['--state', 'spend.csv'], 1, /spend\.csv: there is no STATE in it/],
    [['--state', 'foreign.json'], 1, /stream events, which csv does not have/],
    [['--state', 'odd.json'], 1, /odd\.json: \/ad_reports/],
    [['--set', 'path=nope.csv'], 1, /csv: \/path: nope\.csv does not exist/],
  ]
  for (const [args, code, err] of cases) {
    const result = await stratum('read', ...CSV, ...args)
    t.match(result, { code, out: '', err }, args.join(' '))
    t.equal(result.err.split('\n').length, 2, `one line: ${result.err}`)
  }
})

t.test('every one of them shows an example that begins with its name', async t => {
  for (const name of ['connectors', 'spec', 'check', 'discover', 'read'])
    t.match(await stratum(name, '--help'), {
      code: 0,
      err: '',
      out: new RegExp(`Examples?:\\n {2}stratum ${name}\\b`),
    })
})
