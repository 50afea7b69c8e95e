import t from 'tap'
import { CSV, fails, GA4, place } from './place.ts'

const { stratum, json } = place(t)
/** Whether all readers of a name stand still, or none; a mixture is neither. */
const paused = async (name: string) => {
  const rows = (await json<{ name: string; paused: boolean }[]>('lag')).filter(row => row.name === name)
  const still = rows.filter(row => row.paused).length
  return still === 0 ? 'no' : still === rows.length ? 'all' : 'some'
}

t.before(async () => {
  await json('ingest', ...CSV, '--tenant', 'demo')
})

t.test('a sentence says what stands still and how to go on; it holds over a restart', async t => {
  t.same(await stratum('pause', '--stage', 'events'), {
    code: 0,
    err: '',
    out: 'stage events is paused; on hold: table events (no engine runs now). Nothing is lost; go on with: stratum resume --stage events\n',
  })
  t.same(await paused('events'), 'all')
  t.match(await stratum('pause', '--stage', 'events'), {
    code: 0,
    out: /^stage events was paused already, since 2026-01-15T12:00:00\.000Z; /,
  })
  t.same(await stratum('resume', '--stage', 'events'), {
    code: 0,
    err: '',
    out: 'stage events is resumed; goes on: table events (no engine runs now)\n',
  })
  t.same(await paused('events'), 'no')
  t.match(await stratum('resume', '--stage', 'events'), {
    code: 0,
    out: /^stage events was not paused: nothing to do/,
  })
})

t.test('the same as JSON, for each of the three kinds', async t => {
  const cases: [string, string, string][] = [
    ['stage', 'normalise', 'task collect'],
    ['connector', 'csv', 'connector csv'],
    ['tenant', 'demo', 'every connector of tenant demo'],
  ]
  for (const [kind, name, holds] of cases) {
    const [is, was] = [await json('pause', `--${kind}`, name), await json('resume', `--${kind}`, name)]
    t.same(is, {
      kind,
      name,
      paused: true,
      changed: true,
      since: '2026-01-15T12:00:00.000Z',
      holds: [holds],
      still_paused: [],
      engine: 'stopped',
    })
    t.match(was, { kind, name, paused: false, changed: true, since: null, holds: [holds] })
  }
})

t.test('a task goes on only when none of its stages is paused any more', async t => {
  await json('pause', '--stage', 'normalise')
  await json('pause', '--stage', 'deduplicate')
  t.same(await paused('collect'), 'all')
  t.match(await stratum('resume', '--stage', 'normalise'), { out: /still held by: stage deduplicate/ })
  t.same(await paused('collect'), 'all')
  await json('resume', '--stage', 'deduplicate')
  t.same(await paused('collect'), 'no')
})

t.test('what is paused is not read; all of it comes once it is resumed', async t => {
  await json('pause', '--connector', 'ga4')
  fails(
    t,
    await stratum('ingest', ...GA4, '--tenant', 'demo'),
    1,
    /connector ga4 is paused since .*`stratum resume --connector ga4`/,
  )
  await json('resume', '--connector', 'ga4')
  t.match(await json('ingest', ...GA4, '--tenant', 'demo'), { read: 4, written: 3 })
})

t.test('mistakes are one line with the nearest name: exit 2', async t => {
  const cases: [string[], RegExp][] = [
    [[], /give exactly one of --stage NAME, --connector ID, --tenant ID/],
    [['--stage', 'events', '--tenant', 'demo'], /give exactly one of/],
    [['--stage', 'evnts'], /no stage evnts \(did you mean "events"\?\); there are: normalise/],
    [['--connector', 'cvs'], /no connector cvs \(did you mean "csv"\?\)/],
    [['--tenant', 'dmeo'], /no tenant dmeo \(did you mean "demo"\?\); there are: demo/],
    [['--stages', 'events'], /unknown option '--stages' \(Did you mean --stage\?\)/],
    [['events'], /too many arguments/],
  ]
  for (const command of ['pause', 'resume'])
    for (const [args, says] of cases) fails(t, await stratum(command, ...args), 2, says)
  fails(t, await stratum('pause', '--stage', 'events', '--data', 'nowhere'), 1, /no data in/)
})
