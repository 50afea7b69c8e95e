import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import ga4 from '../../../connectors/ga4/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { folder, write } from '../../plugins/files/support.ts'
import { check, exportRow, exportRows, ndjson, run } from './support.ts'

t.test('a folder: tables in the order of their names, everything else left alone', async t => {
  const dir = folder(t)
  await write(dir, 'events_20260106.json', JSON.stringify(exportRows(2, { event_date: '20260106' }), null, 2))
  await write(dir, 'events_20260105.ndjson.gz', gzipSync(ndjson(exportRows(3))))
  await write(dir, 'events_intraday_20260106.json', ndjson(exportRows(9)))
  await write(dir, 'events_intraday_20260107.json', ndjson(exportRows(1, { event_date: '20260107' })))
  await write(dir, 'events_20260106.csv', 'x')
  await write(dir, 'notes.txt', 'x')
  mkdirSync(join(dir, 'events_20260101.json'))
  await check(dir)
  const { events, rejected, notices, state } = await run(dir)
  t.same(
    events.map(event => event.event_date),
    ['2026-01-05', '2026-01-05', '2026-01-05', '2026-01-06', '2026-01-06', '2026-01-07'],
  )
  t.same(rejected, [])
  t.same(notices, [
    'events_20260106.csv is left alone: not an export table (events_YYYYMMDD)',
    'events_intraday_20260106.json is left alone: events_20260106 replaces it',
    'notes.txt is left alone: not an export table (events_YYYYMMDD)',
    'events_20260101.json is left alone: not a file',
  ])
  t.equal((await run(dir, state)).batches.length, 0, 'a second run has nothing to read')
  await write(dir, 'events_20260105.ndjson.gz', gzipSync(ndjson(exportRows(4))))
  rmSync(join(dir, 'events_20260106.json'))
  const again = await run(dir, state)
  t.equal(
    again.events.length,
    4 + 9,
    'a changed file is read in full, and intraday once its daily table is gone',
  )
  t.same(Object.keys(again.state!.files).sort(), [
    'events_20260105.ndjson.gz',
    'events_intraday_20260106.json',
    'events_intraday_20260107.json',
  ])
})

t.test('a path to a file reads it whatever its name', async t => {
  const dir = folder(t)
  const { path } = await write(dir, 'export', ndjson(exportRows(2)))
  await check(path)
  t.equal((await run(path)).events.length, 2)
})

t.test('a wrong path is a wrong setting', async t => {
  const dir = folder(t)
  const cases: [string, RegExp][] = [
    [join(dir, 'missing'), /missing does not exist/],
    [dir, /is an empty folder/],
    [(await write(folder(t), 'x.csv', 'a,b\n')).path, /x.csv is no GA4 export/],
  ]
  for (const [path, message] of cases) {
    await t.rejects(check(path), { kind: 'config', message })
    await t.rejects(run(path), { kind: 'config', message })
  }
  await write(dir, 'x.csv', 'a,b\n')
  await t.rejects(run(dir), { kind: 'config', message: /holds no export tables/ })
  await write(dir, 'events_20260105.json', '{"a":1}\n')
  await t.rejects(check(dir), {
    kind: 'config',
    message: /events_20260105.json line 1: event_timestamp is null/,
  })
})

t.test('reading goes on from every state without loss and without a double', async t => {
  const dir = folder(t)
  const rows: unknown[] = exportRows(4500)
  rows[100] = exportRow({ event_timestamp: 'bad' })
  const lines = ndjson(rows)
  await write(dir, 'events_20260105.ndjson', `\n${lines}\n{"cut`)
  await write(dir, 'events_20260106.json', JSON.stringify(exportRows(2001)))
  const zipped = gzipSync(lines)
  await write(dir, 'events_20260107.json.gz', zipped.subarray(0, zipped.length / 2))
  const whole = await run(dir)
  t.equal(whole.rejected.length, 4)
  for (const [k, { state }] of whole.batches.entries()) {
    const rest = await run(dir, JSON.parse(JSON.stringify(state)))
    const wanted = whole.batches.slice(k + 1)
    t.same(
      rest.events.map(event => event.event_key),
      wanted.flatMap(batch => batch.records.map(record => record.event_key)),
    )
    t.same(
      rest.rejected,
      wanted.flatMap(batch => batch.rejected ?? []),
    )
    t.same(rest.state, whole.state)
  }
  t.ok(whole.batches.every(batch => batch.records.length <= 2000))
})

t.test('a file that changes or vanishes under the reader is read again later', async t => {
  for (const [change, message] of [
    [(path: string) => writeFileSync(path, 'x'), /changed while/],
    [(path: string) => rmSync(path), /vanished while/],
  ] as const) {
    const { path } = await write(folder(t), 'events_20260105.ndjson', ndjson(exportRows(7000)))
    const batches = ga4.read('events', { ...sourceContext({ config: { path } }), state: null })
    const reading = batches[Symbol.asyncIterator]()
    await reading.next()
    change(path)
    await t.rejects(
      (async () => {
        while (!(await reading.next()).done);
      })(),
      { kind: 'retryable', message },
    )
  }
})

t.test('a state of a newer version is refused', async t => {
  const { path } = await write(folder(t), 'events_20260105.ndjson', ndjson(exportRows(1)))
  await t.rejects(run(path, { version: 2, files: {} }), { kind: 'fatal', message: /has version 2/ })
})
