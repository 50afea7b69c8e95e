import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { acquire, owner } from '../../../../engine/owner/lock.ts'
import { exportRows, ndjson } from '../../../connectors/ga4/support.ts'
import { ended } from '../../../support/program.ts'
import { CSV, fails, GA4, place, SPEND } from './place.ts'

const { cwd, data, write, stratum, json, rows, start } = place(t)

t.test('a summary for a person, and where to look for what was refused', async t => {
  const { code, out, err } = await stratum('ingest', ...CSV, '--tenant', 'demo')
  t.equal(code, 0)
  t.match(
    out,
    /^connector +csv\ntenant +demo\nread +5\nwritten +4\ndead_lettered +1\nrepeats +0\nseconds +\d+(\.\d+)?\n$/,
  )
  t.equal(err, '`stratum deadletters list` shows what was refused and why\n')
  t.same(
    await rows('query', 'SELECT sum(spend_micros) AS spend FROM stratum.ad_metrics_daily_current'),
    [{ spend: 37_700_000 }],
    'every row is in the warehouse when it has ended',
  )
})

t.test('the same as one JSON document; what was read is not read again', async t => {
  const again = await json('ingest', ...CSV, '--tenant', 'demo')
  t.same(Object.keys(again), [
    'connector',
    'tenant',
    'read',
    'written',
    'dead_lettered',
    'repeats',
    'seconds',
  ])
  t.match(again, { connector: 'csv', tenant: 'demo', read: 0, written: 0, dead_lettered: 0, repeats: 0 })
})

t.test('events read once more from a copy of their file were counted twice', async t => {
  write('copy.ndjson', ndjson(exportRows(5, { user_id: 'eve@example.com' })))
  const from = (file: string) => ['ingest', 'ga4', '--set', `path=${file}`, '--tenant', 'demo']
  t.match(await json(...from('events.ndjson')), { read: 4, written: 3, dead_lettered: 1, repeats: 0 })
  t.match(await json(...from('copy.ndjson')), { read: 5, written: 2, dead_lettered: 0, repeats: 3 })
  t.same(await rows('query', 'SELECT count() AS n FROM stratum.events'), [{ n: 5 }])
})

t.test("a connector's settings from a file, --set over them, another data directory", async t => {
  write('csv.yaml', 'path: nope.csv\nmapping: generic\ncurrency: EUR\n')
  const args = ['--config', 'csv.yaml', '--set', 'path=spend.csv', '--tenant', 'demo', '--data', 'other']
  t.match(await json('ingest', 'csv', ...args), { read: 5, written: 4 })
  t.same(await rows('query', 'SELECT DISTINCT currency FROM stratum.ad_metrics_daily', '--data', 'other'), [
    { currency: 'EUR' },
  ])
  rmSync(join(cwd, 'other'), { recursive: true })
})

t.test('wrong arguments are one line with the nearest name: exit 2', async t => {
  const cases: [string[], RegExp][] = [
    [[], /missing required argument 'connector'/],
    [['cvs', '--tenant', 'demo'], /no connector cvs \(did you mean "csv"\?\); there are: ga4, csv/],
    [[...CSV], /say whose data it is: --tenant ID/],
    [[...CSV, '--tenant', 'a b'], /tenant "a b" must be 1 to 63 letters/],
    [[...CSV, '--tennant', 'demo'], /unknown option '--tennant' \(Did you mean --tenant\?\)/],
    [['csv', '--set', 'path', '--tenant', 'demo'], /--set path.*key=value/],
  ]
  for (const [args, says] of cases) fails(t, await stratum('ingest', ...args), 2, says)
})

t.test(
  'settings that are wrong and inputs that are not there: exit 1, and no data directory is begun',
  async t => {
    const cases: [string[], RegExp][] = [
      [['csv', '--set', 'path=spend.csv'], /configuration of csv: .*\/mapping is required/],
      [[...CSV, '--set', 'curency=EUR'], /\/curency is not a setting \(did you mean "currency"\?\)/],
      [['csv', '--config', 'nope.yaml'], /nope\.yaml: there is no such file/],
    ]
    for (const [args, says] of cases)
      fails(t, await stratum('ingest', ...args, '--tenant', 'demo', '--data', 'fresh'), 1, says)
    t.throws(() => rmSync(join(cwd, 'fresh'), { recursive: true }), { code: 'ENOENT' })
    fails(
      t,
      await stratum('ingest', ...CSV, '--set', 'path=nope.csv', '--tenant', 'demo'),
      1,
      /csv: \/path: .*nope\.csv/,
    )
    write('notes.txt', 'milk, eggs\n')
    fails(
      t,
      await stratum('ingest', 'ga4', '--set', 'path=notes.txt', '--tenant', 'demo'),
      1,
      /notes\.txt is no GA4 export/,
    )
  },
)

t.test('what is paused is said at once instead of waiting for ever', async t => {
  await json('pause', '--tenant', 'demo')
  fails(
    t,
    await stratum('ingest', ...GA4, '--tenant', 'demo'),
    1,
    /tenant demo is paused since 2026-01-15\S+: `stratum resume --tenant demo` first/,
  )
  await json('resume', '--tenant', 'demo')
  t.match(await stratum('ingest', ...GA4, '--tenant', 'demo'), { code: 0 })
})

t.test('a data directory in use: who has it, since when, and what to do', async t => {
  const release = await acquire(data, { command: 'stratum start' })
  try {
    const result = await stratum('ingest', ...CSV, '--tenant', 'demo')
    fails(
      t,
      result,
      1,
      new RegExp(
        `in use by process ${process.pid} \\(stratum start, since 2\\S+\\)\\. Stop it, or .*--data DIR`,
      ),
    )
  } finally {
    release()
  }
})

t.test('Ctrl-C stops it cleanly, and the next run goes on where it stopped', async t => {
  const count = 20_000
  write('many.ndjson', ndjson(exportRows(count)))
  const args = ['ingest', 'ga4', '--set', 'path=many.ndjson', '--tenant', 'demo', '--data', 'stopped']
  const child = start(...args)
  const result = ended(child)
  while (!owner(join(cwd, 'stopped'))) await sleep(5)
  child.kill('SIGINT')
  t.match(await result, {
    code: 130,
    out: '',
    err: /^stratum ingest: stopped; the next run goes on from here\n$/,
  })
  t.equal(owner(join(cwd, 'stopped')), null)
  await json(...args)
  t.same(await rows('query', 'SELECT count() AS n FROM stratum.events', '--data', 'stopped'), [{ n: count }])
  t.match(await stratum('verify', '--exactly-once', '--data', 'stopped'), { code: 0 })
})

t.test('rows restated in the file replace the earlier figures', async t => {
  write('spend.csv', SPEND.replace('12.50', '13.00'), 13)
  t.match(await json('ingest', ...CSV, '--tenant', 'demo'), { read: 5 })
  t.same(await rows('query', 'SELECT sum(spend_micros) AS spend FROM stratum.ad_metrics_daily_current'), [
    { spend: 38_200_000 },
  ])
})
