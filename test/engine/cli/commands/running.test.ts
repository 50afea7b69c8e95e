import { once } from 'node:events'
import t from 'tap'
import { lines, type Running } from '../../../support/program.ts'
import { CSV, fails, GA4, place } from './place.ts'

// What commands answer of a data directory whose engine runs: through its control socket.
const { data, stratum, json, rows, start } = place(t)

/** Commands that only look, and what they say where no engine runs. */
const LOOKS: readonly (readonly string[])[] = [
  ['query', 'SELECT date, ad_id, spend_micros FROM stratum.ad_metrics_daily_current ORDER BY date, ad_id'],
  ['query', 'SELECT 1 AS n WHERE 0'],
  ['topics'],
  ['lag'],
  ['lag', '--partitions'],
  ['deadletters', 'list'],
  ['verify', '--exactly-once'],
  ['plan'],
  ['plan', '--lose', 'events'],
  ['map'],
  ['tap', 'raw.ga4', '--no-follow'],
]
const asleep = new Map<readonly string[], unknown>()
let engine: Running
let letter: string

t.before(async () => {
  await json('ingest', ...CSV, '--tenant', 'demo')
  await json('ingest', ...GA4, '--tenant', 'acme')
  for (const args of LOOKS) asleep.set(args, await json(...args))
  letter = (await json<{ id: string }[]>('deadletters', 'list', '--stage', 'normalise'))[0]!.id
  engine = start('start', '--port', '0')
  for await (const line of lines(engine.stdout)) if (line.startsWith('ready')) break
})

t.teardown(() => {
  engine.kill('SIGKILL')
})

t.test(
  'rows of a running engine came as one row that held them all: it answers as where none runs',
  async t => {
    for (const args of LOOKS) t.same(await json(...args), asleep.get(args), args.join(' '))
    t.same(await rows(...LOOKS[0]!), asleep.get(LOOKS[0]!), 'one a line')
    const { out } = await stratum('query', LOOKS[0]![1]!)
    t.match(out, /^date +ad_id +spend_micros\n2026-01-10 +x1 +12500000\n/)
  },
)

t.test('top counts', async t => {
  const { code, out, err } = await stratum('top', '--every', '0.2', '--count', '2', '--ndjson')
  t.match({ code, err }, { code: 0, err: '' })
  const samples = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, number>)
  t.equal(samples.filter(s => (s.name as unknown) === 'normalise').length, 2)
  t.ok(samples.every(s => s.seconds! >= 0.2 && s.records_per_second === 0 && s.lag === 0))
})

t.test('what is wrong is one line here too, with the same exit codes', async t => {
  const inUse = new RegExp(`in use by process ${engine.pid} \\(stratum start, since `)
  const cases: [string[], number, RegExp][] = [
    [['query', 'SELECT nope FROM stratum.events'], 1, /^stratum query: .*nope/],
    [['query', 'DROP TABLE stratum.events'], 2, /query only reads/],
    [['tap', 'fatcs'], 2, /did you mean "facts"\?/],
    [['pause', '--stage', 'evnts'], 2, /did you mean "events"\?/],
    [['deadletters', 'show', 'ffffffff'], 2, /no dead letter ffffffff/],
    [['ingest', ...CSV, '--tenant', 'demo'], 1, inUse],
    [['start', '--port', '0'], 1, inUse],
    [
      ['apply', '--lose', 'events'],
      1,
      new RegExp(`an engine \\(process ${engine.pid}\\) runs on ${data}: stop it, apply`),
    ],
  ]
  for (const [args, code, says] of cases) fails(t, await stratum(...args), code, says)
  t.match(await stratum('plan'), {
    code: 0,
    err: `nothing to change: this data directory is what the release that runs on it (process ${engine.pid}) needs\n`,
  })
})

t.test('pause and resume take hold at once', async t => {
  t.match(await json('pause', '--stage', 'normalise'), {
    paused: true,
    holds: ['task collect'],
    engine: 'running',
  })
  const held = async () =>
    new Set((await json<{ name: string; paused: boolean }[]>('lag')).filter(r => r.paused).map(r => r.name))
  t.same(await held(), new Set(['collect']))
  t.same(await stratum('resume', '--stage', 'normalise'), {
    code: 0,
    err: '',
    out: 'stage normalise is resumed; goes on: task collect\n',
  })
  t.same(await held(), new Set())
})

t.test('tap follows what comes: a letter mended and replayed passes and becomes a row', async t => {
  const tap = start('tap', 'raw.ga4', '--tenant', 'acme', '--ndjson')
  const passing = lines(tap.stdout)
  const before = asleep.get(LOOKS.at(-1)!) as unknown[]
  for (let n = 0; n < before.length; n++) await passing.next()

  const set = ['--set', 'data.event_time=1767610000000000', '--set', 'data.event_date=2026-01-05']
  t.match(await json('deadletters', 'edit', letter, ...set), { edited: true })
  t.match(await json('deadletters', 'replay', '--only', 'normalise'), { replayed: 1, left_alone: 0 })
  const { value: line } = await passing.next()
  t.match(JSON.parse(line as string), {
    tenant: 'acme',
    value: { data: { event_name: 'from_the_future', event_date: '2026-01-05' } },
  })

  const sql = "SELECT count() AS n FROM stratum.events WHERE event_name = 'from_the_future'"
  while ((await json<{ n: number }[]>('query', sql))[0]!.n === 0);
  t.match(await stratum('verify', '--exactly-once'), { code: 0 })

  const closed = once(tap, 'close')
  tap.kill('SIGINT')
  t.same(await closed, [0, null], 'Ctrl-C ends it, and all is well')
})

t.test('an engine that stops says so to those who listen', async t => {
  const tap = start('tap', 'facts', '--from', 'earliest')
  const errors: string[] = []
  tap.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  const closed = once(tap, 'close')
  const stopped = once(engine, 'close')
  let told = false
  for await (const _ of lines(tap.stdout)) {
    if (!told) engine.kill('SIGTERM')
    told = true
  }
  t.same(await closed, [1, null])
  t.match(errors.join(''), /^stratum tap: the engine is stopping\n$/)
  t.same(await stopped, [0, null])
  t.match(await stratum('lag'), { code: 0 }, 'and the directory is free')
})
