import t from 'tap'
import { CSV, fails, GA4, place, SPEND } from './place.ts'

const { write, stratum, json, rows } = place(t)

interface Letter {
  readonly id: string
  readonly stage: string
}
const listed = (...args: string[]) => json<Letter[]>('deadletters', 'list', ...args)
const idOf = async (stage: string) => (await listed('--stage', stage, '--all'))[0]!.id

t.before(async () => {
  // The row of a file which its connector cannot read, and a record of the log which a stage refuses.
  await json('ingest', ...CSV, '--tenant', 'demo')
  await json('ingest', ...GA4, '--tenant', 'acme')
})

t.test('list: what was refused, where and why', async t => {
  const letters = await listed()
  t.match(letters, [
    {
      id: /^[0-9a-f]{12}$/,
      time: '2026-01-15T12:00:00.000000Z',
      tenant: 'demo',
      stage: 'csv',
      state: 'open',
      reason: /impressions.*oops/,
      origin: 'spend.csv line 6',
      bytes: 41,
    },
    { tenant: 'acme', stage: 'normalise', state: 'open', reason: /event_time.*2027-01-05/ },
  ])
  t.equal(letters.length, 2)
  const { code, out, err } = await stratum('deadletters', 'list')
  t.match({ code, err }, { code: 0, err: '' })
  t.match(out, /^id +time +tenant +stage +state +reason +origin +bytes\n/)
  t.match(out, /^[0-9a-f]{12} .* demo +csv +open +column impressions: 'oops'.* spend\.csv line 6 +41$/m)
})

t.test('list: only some of them', async t => {
  const stages = async (...args: string[]) => (await listed(...args)).map(letter => letter.stage)
  t.same(await stages('--tenant', 'demo'), ['csv'])
  t.same(await stages('--stage', 'normalise'), ['normalise'])
  t.same(await stages('--reason', 'oops'), ['csv'])
  t.same(await stages('--since', '2026-01-15T12:00:00Z'), ['csv', 'normalise'])
  t.same(await stages('--since', '2026-01-15T12:00:01Z'), [])
  t.same(await stages('--limit', '1'), ['normalise'])
})

t.test('show: everything about one, and what to do', async t => {
  const csv = await idOf('csv')
  t.match(await json('deadletters', 'show', csv), {
    event_id: new RegExp(`^${csv}`),
    stage: 'csv',
    origin: 'spend.csv line 6',
    origin_topic: null,
    payload: '2026-01-11,meta,a1,c1,x3,oops,9,11.00,USD',
    payload_bytes: 41,
    payload_sha256: /^[0-9a-f]{64}$/,
    state: 'open',
    advice: /mend it there and read it again/,
  })
  const event = await idOf('normalise')
  t.match(await json('deadletters', 'show', event.slice(0, 6)), {
    origin_topic: 'stratum.raw.ga4',
    payload: { data: { event_name: 'from_the_future' } },
    advice: `stratum deadletters edit ${event} --set FIELD=VALUE, then stratum deadletters replay ${event}`,
  })
  t.match(await stratum('deadletters', 'show', csv), {
    code: 0,
    err: '',
    out: /^origin +spend\.csv line 6$/m,
  })
})

t.test('edit: fields of the record that a replay will send; the letter keeps what was refused', async t => {
  const id = await idOf('normalise')
  const wrong: [string[], RegExp][] = [
    [[], /give at least one --set FIELD=VALUE, or --reset/],
    [['--set', 'data'], /--set data: write it as field=value/],
    [['--set', 'data.nope=1'], /the record has no nope; it has .*event_name/],
    [['--set', 'dta.event_name=x'], /the record has no dta/],
    [
      ['--set', 'data.event_time=soon'],
      /would not be a raw_ga4_events: data\.event_time must be an integer, got "soon"/,
    ],
  ]
  for (const [args, says] of wrong) fails(t, await stratum('deadletters', 'edit', id, ...args), 2, says)

  const set = ['--set', 'data.event_time=1767610000000000', '--set', 'data.event_date=2026-01-05']
  t.match(await json('deadletters', 'edit', id, ...set), {
    edited: true,
    record: { data: { event_time: 1_767_610_000_000_000, event_date: '2026-01-05' } },
  })
  t.match(await listed('--stage', 'normalise'), [{ state: 'edited' }])
  t.match(await json('deadletters', 'show', id), {
    state: 'edited',
    payload: { data: { event_date: '2027-01-05' } },
    edited: { at: '2026-01-15T12:00:00.000000Z', payload: { data: { event_date: '2026-01-05' } } },
  })
  t.match(await json('deadletters', 'edit', id, '--reset'), { edited: false })
  t.match(await listed('--stage', 'normalise'), [{ state: 'open' }])
  t.match(await json('deadletters', 'edit', id, ...set), { edited: true })
})

t.test('replay: sent again, once, and the row is in the warehouse with the next run', async t => {
  const id = await idOf('normalise')
  t.match(await json('deadletters', 'replay', '--only', 'events'), { replayed: 0, left_alone: 0 })
  t.same(await json('deadletters', 'replay', '--only', 'normalise', '--since', '2026-01-15T12:00:00Z'), {
    replayed: 1,
    left_alone: 0,
    reasons: [],
  })
  t.match(await json('deadletters', 'replay', id), { replayed: 0 }, 'each is sent once')
  t.same(
    (await listed()).map(letter => letter.stage),
    ['csv'],
  )
  t.match(await listed('--all', '--stage', 'normalise'), [{ id, state: 'replayed' }])
  t.match(await json('deadletters', 'show', id), {
    replayed: { at: '2026-01-15T12:00:00.000000Z', edited: true },
  })
  fails(
    t,
    await stratum('deadletters', 'edit', id, '--reset'),
    2,
    /has been replayed: there is nothing left to edit/,
  )

  await json('ingest', ...GA4, '--tenant', 'acme')
  t.same(
    await json(
      'query',
      "SELECT event_time, event_date FROM stratum.events WHERE event_name = 'from_the_future'",
    ),
    [{ event_time: '2026-01-05 10:46:40.000000', event_date: '2026-01-05' }],
  )
  t.match(await stratum('verify', '--exactly-once'), { code: 0 })
})

t.test('a row that its source could not read is mended there, not here', async t => {
  const id = await idOf('csv')
  fails(
    t,
    await stratum('deadletters', 'edit', id, '--set', 'clicks=3'),
    2,
    /mend spend\.csv line 6 and read it again/,
  )
  t.match(await json('deadletters', 'replay', id), {
    replayed: 0,
    left_alone: 1,
    reasons: [{ id, why: /mend spend\.csv line 6/ }],
  })
  write('spend.csv', SPEND.replace('oops', '70'), 13)
  t.match(await json('ingest', ...CSV, '--tenant', 'demo'), { read: 5, dead_lettered: 0 })
  t.same(await rows('query', "SELECT impressions FROM stratum.ad_metrics_daily_current WHERE ad_id = 'x3'"), [
    { impressions: 70 },
  ])
})

t.test('mistakes are one line: exit 2', async t => {
  const cases: [string[], RegExp][] = [
    [['lst'], /unknown command 'lst' \(Did you mean list\?\); see stratum deadletters --help/],
    [['list', '--since', 'yesterday'], /--since yesterday is no instant: give one as 2026-01-31T10:00:00Z/],
    [['list', '--limit', '0'], /whole number, at least 1/],
    [['list', '--tennant', 'x'], /unknown option '--tennant' \(Did you mean --tenant\?\)/],
    [['show'], /missing required argument 'id'/],
    [['show', 'ab'], /at least four characters/],
    [['show', 'ffffffffffff'], /no dead letter ffffffffffff: `stratum deadletters list --all` shows all/],
    [['replay', '--since', '2026-99-01'], /is no instant/],
  ]
  for (const [args, says] of cases) fails(t, await stratum('deadletters', ...args), 2, says)
  t.match(await stratum('deadletters'), { code: 2, out: '', err: /^Usage: stratum deadletters/ })
})
