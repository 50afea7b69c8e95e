import t from 'tap'
import { CSV, fails, GA4, place } from './place.ts'
import { tamper } from './warehouse.ts'

const { data, stratum, json, rows } = place(t)
const NOTHING = 'nothing to change: this data directory is what this release needs\n'

interface Change {
  readonly what: string
  readonly name: string
  readonly action: string
  readonly loses_rows: boolean
  readonly detail: string
}

t.before(async () => {
  await json('ingest', ...GA4, '--tenant', 'demo')
})

t.test('nothing to change is said to a person, and an empty array', async t => {
  for (const command of ['plan', 'apply']) {
    t.same(await stratum(command), { code: 0, out: '', err: NOTHING })
    t.same(await stratum(command, '--json'), { code: 0, out: '[]\n', err: '' })
  }
})

t.test('plan shows what would be lost and loses nothing; apply --lose fills the table again', async t => {
  const change = {
    what: 'table',
    name: 'events',
    action: 'recreate',
    loses_rows: true,
    detail: /log, which holds all/,
  }
  t.match(await rows<Change>('plan', '--lose', 'events'), [change])
  t.same(await rows('query', 'SELECT count() AS n FROM stratum.events'), [{ n: 3 }])

  const { code, out, err } = await stratum('apply', '--lose', 'events')
  t.equal(code, 0)
  t.match(out, /^what +name +action +loses_rows +detail\ntable +events +recreate +true /)
  t.equal(err, 'tables made anew fill from the log at the next `stratum start` or `stratum ingest`\n')
  t.same(await rows('query', 'SELECT count() AS n FROM stratum.events'), [{ n: 0 }])
  await json('ingest', ...CSV, '--tenant', 'demo')
  t.same(await rows('query', 'SELECT count() AS n FROM stratum.events'), [{ n: 3 }])
  t.match(await stratum('verify', '--exactly-once'), { code: 0 })
})

t.test(
  'a table that is not what this release needs: nothing writes into it until its change is applied',
  async t => {
    await tamper(data, 'ALTER TABLE stratum.events DROP COLUMN page_title')
    const wanted = { what: 'table', name: 'events', action: 'alter', loses_rows: false, detail: /page_title/ }
    t.match(await json<Change[]>('plan'), [wanted])
    for (const args of [
      ['ingest', ...GA4, '--tenant', 'demo'],
      ['start', '--port', '0'],
    ])
      fails(
        t,
        await stratum(...args),
        1,
        /not what this release needs: table events: alter: .*page_title.*`stratum apply` does it/,
      )
    t.match(await json<Change[]>('apply'), [wanted])
    t.same(await json('plan'), [])
    t.match(await stratum('ingest', ...GA4, '--tenant', 'demo'), { code: 0 })
  },
)

t.test('a change that loses rows needs its name typed', async t => {
  await tamper(
    data,
    'DROP TABLE stratum.sessions SYNC',
    'CREATE TABLE stratum.sessions (tenant_id String, _topic String, _partition UInt32, _offset UInt64) ENGINE = MergeTree ORDER BY tenant_id',
  )
  t.match(await json<Change[]>('plan'), [{ name: 'sessions', action: 'recreate', loses_rows: true }])
  fails(
    t,
    await stratum('apply'),
    1,
    /table sessions: recreate \(loses its rows\): .*`stratum apply --lose sessions` does it/,
  )
  t.match(await json<Change[]>('apply', '--lose', 'sessions'), [{ name: 'sessions', action: 'recreate' }])
  await json('ingest', ...GA4, '--tenant', 'demo')
  t.same(await rows('query', 'SELECT count() AS n FROM stratum.sessions_current'), [{ n: 1 }])
  t.match(await stratum('verify', '--exactly-once'), { code: 0 })
})

t.test('settings that cannot be changed any more are refused with what there is', async t => {
  const { json, stratum } = place(t, { STRATUM_LOG__PARTITIONS__FACTS: '3' })
  fails(
    t,
    await stratum('apply', '--data', data),
    1,
    /topic stratum\.facts: refuse: it has 2 partitions \(delete\), this release needs 3.* set log\.partitions back/,
  )
  t.match(await json<Change[]>('plan', '--data', data), [
    { what: 'topic', name: 'stratum.facts', action: 'refuse' },
  ])
})

t.test('mistakes are one line', async t => {
  const cases: [string[], number, RegExp][] = [
    [
      ['plan', '--lose', 'evnts'],
      2,
      /--lose evnts: there is no table of that name \(did you mean "events"\?\)/,
    ],
    [['apply', '--lose', 'evnts'], 2, /--lose evnts: there is no table of that name/],
    [['apply', '--loose', 'events'], 2, /unknown option '--loose' \(Did you mean --lose\?\)/],
    [['apply', 'events'], 2, /too many arguments/],
    [['plan', '--data', 'nowhere'], 1, /no data in/],
    [['apply', '--data', 'nowhere'], 1, /no data in/],
  ]
  for (const [args, code, says] of cases) fails(t, await stratum(...args), code, says)
})
