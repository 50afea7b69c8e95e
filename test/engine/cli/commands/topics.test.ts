import t from 'tap'
import { tables } from '../../../../pipelines/tables.ts'
import { CSV, fails, place } from './place.ts'

const { stratum, json, rows } = place(t)

t.before(async () => {
  await json('ingest', ...CSV, '--tenant', 'demo')
})

t.test('topics: partitions, records, from when to when, how long they are kept', async t => {
  const topics = await json<{ topic: string }[]>('topics')
  const of = (name: string) => topics.find(r => r.topic === `stratum.${name}`)
  const at = '2026-01-15T12:00:00.000000Z'
  t.match(of('raw.csv'), { partitions: 2, oldest: at, newest: at, cleanup: 'delete', retention_days: 30 })
  t.match(of('raw.ga4'), { records_at_most: 0, oldest: null, newest: null })
  t.match(of('deadletters'), { records_at_most: 1, retention_days: 400 })
  t.match(of('schemas'), { cleanup: 'compact', retention_days: null })
  const partitions = await rows<{ start: number; end: number }>('topics', '--partitions')
  t.match(
    partitions.filter(r => (r as { topic?: string }).topic === 'stratum.raw.csv'),
    [{ partition: 0 }, { partition: 1 }],
  )
  t.match(await stratum('topics'), {
    code: 0,
    err: '',
    out: /^topic +partitions +records_at_most +oldest[\s\S]*^stratum\.facts +2 +\d+ +2026-01-15T/m,
  })
})

t.test('lag: how far behind every task and table is', async t => {
  const lag = await json<Record<string, unknown>[]>('lag')
  t.same(
    [...new Set(lag.flatMap(Object.keys))],
    ['kind', 'name', 'stages', 'topic', 'partitions', 'lag', 'lag_seconds', 'paused'],
  )
  t.match(
    lag.find(r => r.topic === 'stratum.raw.csv'),
    { kind: 'task', name: 'collect', stages: ['normalise', 'deduplicate'], partitions: 2 },
  )
  t.same(
    lag.filter(r => r.kind === 'table').map(r => r.name),
    tables.map(table => table.name),
  )
  t.ok(
    lag.every(r => r.lag === 0 && r.lag_seconds === 0 && r.paused === false),
    'an ingest that has ended leaves nothing to be read',
  )
  const parts = await rows<{ position: number; end: number; lag: number }>('lag', '--partitions')
  t.ok(parts.length > lag.length && parts.every(p => p.lag === 0 && p.position === p.end))
  t.match(await stratum('lag'), {
    code: 0,
    err: '',
    out: /^task +collect +normalise, deduplicate +stratum\.raw\.csv/m,
  })
})

t.test('top: every stage and table; where no engine runs nothing moves, and that is said', async t => {
  const { code, out, err } = await stratum('top', '--json')
  t.equal(code, 0)
  t.match(err, /^no engine runs on \S+\.stratum: nothing moves\n$/)
  const rates = JSON.parse(out) as Record<string, unknown>[]
  t.match(rates[0], {
    time: '2026-01-15T12:00:00.000Z',
    seconds: 0,
    kind: 'stage',
    name: 'normalise',
    task: 'collect',
    records_per_second: 0,
    lag: 0,
    lag_seconds: 0,
    paused: false,
  })
  t.match(
    rates.find(r => r.name === 'events'),
    { kind: 'table', task: null },
  )
  t.match(await stratum('top'), { code: 0, out: /^stage +normalise +collect +0 +0 +0 +false$/m })
})

t.test('map: what is wired to what, without a data directory', async t => {
  const map = await json<Record<string, Record<string, unknown>[]>>('map', '--data', 'nowhere')
  t.same(Object.keys(map), ['connectors', 'tasks', 'topics', 'tables'])
  t.match(
    map.connectors?.find(c => c.id === 'csv'),
    { topic: 'stratum.raw.csv', streams: [{ name: 'ad_reports' }] },
  )
  t.match(map.tasks?.[0], { name: 'collect', stages: [{ name: 'normalise' }, { name: 'deduplicate' }] })
  // Whatever is read or written is one of the topics, and every topic but the dead letters has a reader.
  const names = map.topics!.map(topic => topic.name)
  for (const task of map.tasks!)
    for (const topic of [...(task.reads as string[]), ...(task.writes as string[])])
      t.ok(names.includes(topic), topic)
  for (const table of map.tables!) t.ok(names.includes(table.topic), String(table.name))
  const { code, out, err } = await stratum('map')
  t.match({ code, err }, { code: 0, err: '' })
  t.match(out, /^ +csv +\[ad_reports\] ─► raw\.csv \(2\)$/m)
  t.match(out, /► collect +\[normalise → deduplicate\] +─► facts \(2\)/)
  t.match(out, /^ +facts \(2\) +─\[event\]─► events$/m)
})

t.test('settings: a file, the environment over it, an unknown one is named with the nearest', async t => {
  const { write, json, stratum } = place(t, { STRATUM_LOG__PARTITIONS__PERSONS: '5' })
  write('stratum.yaml', 'log: { partitions: { facts: 3, persons: 2 } }\n')
  const map = await json<{ topics: { name: string; partitions: number }[] }>(
    'map',
    '--config',
    'stratum.yaml',
  )
  const partitions = (name: string) => map.topics.find(topic => topic.name === `stratum.${name}`)?.partitions
  t.same([partitions('facts'), partitions('persons')], [3, 5])
  write('wrong.yaml', 'log: { partition: { facts: 3 } }\napi: { port: many }\n')
  const wrong = await stratum('map', '--config', 'wrong.yaml')
  fails(t, wrong, 1, /wrong\.yaml: \/log\/partition is not a setting \(did you mean "partitions"\?\)/)
  t.match(wrong.err, /wrong\.yaml: \/api\/port must be integer, got "many"/)
})

t.test('mistakes are one line', async t => {
  const cases: [string[], number, RegExp][] = [
    [['topics', 'facts'], 2, /too many arguments/],
    [['lag', '--partition'], 2, /unknown option '--partition' \(Did you mean --partitions\?\)/],
    [['top', '--every', '0'], 2, /at least 0\.1/],
    [['top', '--count', 'x'], 2, /whole number/],
    [['map', '--config', 'nope.yaml'], 1, /nope\.yaml: there is no such file/],
    [['topics', '--data', 'nowhere'], 1, /no data in \S+nowhere: .*stratum ingest/],
    [['lag', '--data', 'nowhere'], 1, /no data in/],
    [['top', '--data', 'nowhere'], 1, /no data in/],
  ]
  for (const [args, code, says] of cases) fails(t, await stratum(...args), code, says)
})
