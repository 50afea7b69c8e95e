import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { acquire } from '../../../../engine/owner/lock.ts'
import { CSV, fails, GA4, place } from './place.ts'

const { cwd, data, stratum, json } = place(t)
const BY_AD = `SELECT date, ad_id, spend_micros, revenue_micros
  FROM stratum.ad_metrics_daily_current -- the latest revision
  ORDER BY date, ad_id;`

t.before(async () => {
  await json('ingest', ...CSV, '--tenant', 'demo')
  await json('ingest', ...GA4, '--tenant', 'demo')
})

t.test('a table for a person: numbers to the right, unknown is no 0', async t => {
  t.same(await stratum('query', BY_AD), {
    code: 0,
    err: '',
    out: `date        ad_id  spend_micros  revenue_micros
2026-01-10  x1         12500000               -
2026-01-10  x2          3200000               -
2026-01-11  x1         11000000               -
2026-01-11  x2         11000000               -
`,
  })
})

t.test('an array of row objects with --json, one a line with --ndjson', async t => {
  const row = { date: '2026-01-10', ad_id: 'x1', spend_micros: 12_500_000, revenue_micros: null }
  const { code, out, err } = await stratum('query', BY_AD, '--json')
  t.match({ code, err }, { code: 0, err: '' })
  const rows = JSON.parse(out) as unknown[]
  t.equal(rows.length, 4)
  t.same(rows[0], row)
  const lines = (await stratum('query', BY_AD, '--ndjson')).out.split('\n')
  t.equal(lines.length, 5)
  t.same(JSON.parse(lines[0]!), row)
  t.equal(lines.at(-1), '')
})

t.test(
  'values as a reader would expect them: integers exact at any size, times in UTC, lists, maps',
  async t => {
    const sql = `SELECT toUInt64(9007199254740993) AS big, toInt64(-5) AS small, 0.5 AS half, NULL AS none,
    toDateTime64('2026-01-10 08:00:00.000001', 6, 'UTC') AS at, [1, 2] AS list, map('a', 'b') AS named, true AS yes`
    t.match(await json('query', sql), [
      {
        big: '9007199254740993',
        small: -5,
        half: 0.5,
        none: null,
        at: /^2026-01-10[T ]08:00:00\.000001Z?$/,
        list: [1, 2],
        named: { a: 'b' },
        yes: true,
      },
    ])
  },
)

t.test('no rows are an empty array, and said to a person on stderr', async t => {
  const none = 'SELECT * FROM stratum.events WHERE tenant_id = $$nobody$$'
  t.same(await stratum('query', none, '--json'), { code: 0, err: '', out: '[]\n' })
  t.same(await stratum('query', none, '--ndjson'), { code: 0, err: '', out: '' })
  t.same(await stratum('query', none), { code: 0, err: 'no rows\n', out: '' })
})

t.test('it reads only, one statement at a time: exit 2', async t => {
  const cases: [string[], RegExp][] = [
    [[], /missing required argument 'sql'; see stratum query --help/],
    [['SELECT 1', 'SELECT 2'], /too many arguments/],
    [[''], /the statement is empty/],
    [['DROP TABLE stratum.events'], /query only reads/],
    [['INSERT INTO stratum.events VALUES (1)'], /query only reads/],
    [['SELECT 1; DROP TABLE stratum.events'], /one statement at a time/],
    [["SELECT 1 INTO OUTFILE 'x'"], /writes no files/],
    [['SELECT 1', '--jsn'], /unknown option '--jsn' \(Did you mean --json\?\)/],
    [['SELECT 1', '--json', '--ndjson'], /'--json' cannot be used with option '--ndjson'/],
  ]
  for (const [args, says] of cases) fails(t, await stratum('query', ...args), 2, says)
  t.same(await json('query', 'SELECT count() AS n FROM stratum.events'), [{ n: 3 }])
})

t.test('what the warehouse refuses is one line that says where: exit 1', async t => {
  const cases: [string, RegExp][] = [
    ['SELECT nope FROM stratum.events', /nope/],
    ['SELECT * FROM stratum.evnts', /stratum\.evnts/],
    ['SELECT\n  1 +', /syntax error: the statement ends too early/],
    ['SELECT 1 FORM stratum.events', /syntax error near "stratum/],
    ['SELECT throwIf(1)', /throwIf|non-zero/],
  ]
  for (const [sql, says] of cases) fails(t, await stratum('query', sql), 1, says)
})

t.test('asking makes no directory, and says which one has nothing in it', async t => {
  const nowhere = join(cwd, 'nowhere')
  fails(
    t,
    await stratum('query', 'SELECT 1', '--data', 'nowhere'),
    1,
    new RegExp(`no data in ${nowhere}: .*--data DIR`),
  )
  t.notOk(existsSync(nowhere))
})

t.test('a data directory of a process that answers nobody: who has it', async t => {
  const release = await acquire(data, { command: 'stratum ingest ga4' })
  const says = new RegExp(`in use by process ${process.pid} \\(stratum ingest ga4, since `)
  fails(t, await stratum('query', 'SELECT 1'), 1, says)
  release()
})

t.test('a result that would swell the engine is refused, and how to ask for less is said', async t => {
  const sql = "SELECT number, repeat('x', 1000) FROM numbers(150000)"
  fails(t, await stratum('query', sql), 1, /the result is larger than 32 MB: ask for less \(LIMIT\)/)
})
