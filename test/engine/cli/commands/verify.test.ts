import t from 'tap'
import { CSV, fails, GA4, place } from './place.ts'
import { tamper } from './warehouse.ts'

const { data, stratum, json, rows } = place(t)

interface Verdict {
  readonly table: string
  readonly records: number
  readonly rows: number
  readonly lost: number
  readonly doubled: number
  readonly alien: number
  readonly examples: readonly string[]
}
const NONE = { lost: 0, doubled: 0, alien: 0, older: 0, examples: [] }

t.before(async () => {
  await json('ingest', ...CSV, '--tenant', 'demo')
  await json('ingest', ...GA4, '--tenant', 'demo')
})

t.test('every record is a row or a dead letter, once: exit 0, a verdict a table', async t => {
  const verdicts = await json<Verdict[]>('verify', '--exactly-once')
  t.same(
    verdicts.filter(v => ['events', 'ad_metrics_daily', 'dead_letters'].includes(v.table)),
    [
      { table: 'events', records: 3, rows: 3, dead_letters: 0, ...NONE },
      { table: 'ad_metrics_daily', records: 4, rows: 4, dead_letters: 0, ...NONE },
      { table: 'dead_letters', records: 2, rows: 2, dead_letters: 0, ...NONE },
    ],
  )
  t.same(await rows('verify', '--exactly-once'), verdicts)
  t.same(await rows('verify'), verdicts, 'all there is to verify, where nothing is asked for in particular')
  const { code, out, err } = await stratum('verify', '--exactly-once')
  t.match({ code, err }, { code: 0, err: '' })
  t.match(
    out,
    /^table +records +rows +dead_letters +lost +doubled +alien +older\nevents +3 +3 +0 +0 +0 +0 +0\n/,
  )
})

t.test('a row too few, one too many, one of nowhere: exit 1, which, and what to do', async t => {
  const columns = '* REPLACE (_offset + 1000 AS _offset)'
  await tamper(
    data,
    "DELETE FROM stratum.events WHERE page_title = 'Page 1'",
    "INSERT INTO stratum.ad_metrics_daily SELECT * FROM stratum.ad_metrics_daily WHERE ad_id = 'x1' SETTINGS deduplicate_insert_select = 'disable'",
    `INSERT INTO stratum.dead_letters SELECT ${columns} FROM stratum.dead_letters LIMIT 1`,
  )
  const { code, out, err } = await stratum('verify', '--exactly-once', '--json')
  t.equal(code, 1)
  t.match(
    err,
    /^stratum verify: the warehouse does not agree with the log: events: 1 lost, 0 doubled, 0 alien \(stratum\.facts\/\d@\d+: neither a row nor a dead letter\); ad_metrics_daily: 0 lost, 2 doubled.*\. `stratum apply --lose events --lose ad_metrics_daily --lose dead_letters` fills what is wrong again from the log\.\n$/,
  )
  const of = (table: string) => (JSON.parse(out) as Verdict[]).find(v => v.table === table)
  t.match(of('events'), { records: 3, rows: 2, lost: 1, doubled: 0, alien: 0 })
  t.match(of('ad_metrics_daily'), {
    records: 4,
    rows: 6,
    lost: 0,
    doubled: 2,
    examples: [/: 2 rows and 0 dead letters/],
  })
  t.match(of('dead_letters'), { lost: 0, doubled: 0, alien: 1 })
})

t.test('what it advises mends it', async t => {
  const tables = ['events', 'ad_metrics_daily', 'dead_letters']
  t.match(await stratum('apply', ...tables.flatMap(name => ['--lose', name])), { code: 0 })
  await json('ingest', ...GA4, '--tenant', 'demo')
  t.match(await stratum('verify', '--exactly-once'), { code: 0, err: '' })
  t.same(await rows('query', 'SELECT count() AS n FROM stratum.events'), [{ n: 3 }])
  t.same(await rows('query', 'SELECT sum(spend_micros) AS n FROM stratum.ad_metrics_daily_current'), [
    { n: 37_700_000 },
  ])
})

t.test('mistakes are one line', async t => {
  fails(
    t,
    await stratum('verify', '--exactly-onc'),
    2,
    /unknown option '--exactly-onc' \(Did you mean --exactly-once\?\)/,
  )
  fails(t, await stratum('verify', 'events'), 2, /too many arguments/)
  fails(t, await stratum('verify', '--data', 'nowhere'), 1, /no data in/)
})
