import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { exportRow, exportRows, ndjson } from '../connectors/ga4/support.ts'
import { fails, place } from '../engine/cli/commands/place.ts'
import { ingested } from './ingested.ts'
import { ad, eventAt, FIRST, HEADER, lines, parquet, seconds, sha256 } from './inputs.ts'

const here = place(t)
const { cwd, stratum, json, write } = here
// Every case is a handful of processes.
t.setTimeout(900_000)

type Files = Readonly<Record<string, string | Uint8Array>>
const GENERIC = ['csv', '--set', 'mapping=generic']
const ga4 = (t: Test, name: string, files: Files) => ingested(t, here, ['ga4'], name, files)
const csv = (t: Test, name: string, files: Files) => ingested(t, here, GENERIC, name, files)

t.test('a truncated Parquet file is one dead letter; the files beside it are read', async t => {
  const { events, letters } = await ga4(t, 'parquet', {
    'events_20260105.parquet': parquet(300),
    'events_20260106.parquet': parquet(400).subarray(0, 2000),
    'events_20260107.ndjson': ndjson(exportRows(305).slice(300)),
  })
  t.same(events, seconds(305))
  t.match(letters, [{ stage: 'ga4', origin: 'events_20260106.parquet', reason: /truncated|damaged/ }])
})

t.test('events with a wrong type', async t => {
  const rows = exportRows(5)
  const odd = [{ ...rows[1], event_timestamp: 'soon' }, { ...rows[2], event_params: 'none' }, '"a text"']
  const { events, letters } = await ga4(t, 'types', {
    'events_20260105.ndjson': lines(rows[0]!, ...odd, rows[3]!, rows[4]!),
  })
  t.same(events, [FIRST, FIRST + 3, FIRST + 4])
  t.match(letters, [
    { origin: 'events_20260105.ndjson line 2', reason: /event_timestamp is "soon"/ },
    { origin: 'events_20260105.ndjson line 3', reason: /event_params is "none", not an array/ },
    { origin: 'events_20260105.ndjson line 4', reason: /not a JSON object/ },
  ])
})

t.test('an ad with a wrong type', async t => {
  const bad = ad('x2', { clicks: 'many' })
  const { ads, letters } = await csv(t, 'types', { 'spend.csv': lines(HEADER, ad('x1'), bad, ad('x3')) })
  t.same(ads, ['x1', 'x3'])
  t.match(letters, [
    {
      stage: 'csv',
      origin: 'spend.csv line 3',
      reason: /clicks: 'many' is not a number/,
      payload_bytes: bad.length,
      payload_sha256: sha256(Buffer.from(bad)),
    },
  ])
})

t.test('an event that is not UTF-8', async t => {
  const bad = Buffer.from('{"event_name":"caf\xe9\xff"}', 'latin1')
  const rows = exportRows(3)
  const { events, letters } = await ga4(t, 'utf8', {
    'events_20260105.ndjson': lines(rows[0]!, rows[1]!, bad, rows[2]!),
  })
  t.same(events, seconds(3))
  t.match(letters, [
    { origin: 'events_20260105.ndjson line 3', reason: /UTF-8/, payload_sha256: sha256(bad) },
  ])
})

t.test('an ad that is not UTF-8', async t => {
  const bad = Buffer.from(ad('x2', { campaign: 'Caf\xe9' }), 'latin1')
  const { ads, letters } = await csv(t, 'utf8', { 'spend.csv': lines(HEADER, ad('x1'), bad, ad('x3')) })
  t.same(ads, ['x1', 'x3'])
  t.match(letters, [{ origin: 'spend.csv line 3', reason: /UTF-8/, payload_sha256: sha256(bad) }])
})

t.test('a row of 20 MB: its bytes lie beside the log, and the letter says where', async t => {
  const row = Buffer.from(JSON.stringify(exportRow({}, { blob: 'x'.repeat(20 * 2 ** 20) })))
  const rows = exportRows(4)
  const { events, letters, dir } = await ga4(t, 'large', {
    'events_20260105.ndjson': lines(rows[0]!, rows[1]!, row, rows[2]!, rows[3]!),
  })
  t.same(events, seconds(4))
  const known = {
    payload_bytes: row.length,
    payload_sha256: sha256(row),
    payload_ref: `blobs/${sha256(row)}`,
  }
  t.match(letters, [{ origin: 'events_20260105.ndjson line 3', reason: /more than the limit/, ...known }])
  t.ok(readFileSync(join(dir, known.payload_ref)).equals(row), 'all its bytes are there')
  const shown = await json('deadletters', 'show', letters[0]!.event_id, '--data', dir)
  t.match(shown, { ...known, payload: /^\{"event_date".* bytes more$/ }, 'and are shown')
})

t.test('an unknown currency of an event: it counts, and its amount is unknown', async t => {
  const sale = (i: number, currency: string) =>
    exportRow(
      { event_name: 'purchase', event_timestamp: String((FIRST + i) * 1_000_000) },
      { value: 12.5, currency },
    )
  const { letters, dir } = await ga4(t, 'currency', {
    'events_20260105.ndjson': lines(sale(0, 'USD'), sale(1, 'QQQ')),
  })
  t.same(letters, [])
  const columns = 'value_micros, currency, quality, params'
  t.match(await json('query', `SELECT ${columns} FROM events ORDER BY event_time`, '--data', dir), [
    { value_micros: 12_500_000, currency: 'USD', quality: [] },
    {
      value_micros: null,
      currency: null,
      quality: ['unknown_currency'],
      params: { value: '12.5', currency: 'QQQ' },
    },
  ])
})

t.test('an unknown currency of an ad', async t => {
  const bad = ad('x2', { currency: 'QQQ' })
  const { ads, letters } = await csv(t, 'currency', { 'spend.csv': lines(HEADER, ad('x1'), bad) })
  t.same(ads, ['x1'])
  t.match(letters, [{ origin: 'spend.csv line 3', reason: /unknown currency 'QQQ'/ }])
})

t.test('events out of range', async t => {
  const [good] = exportRows(1)
  const early = eventAt('1970-01-02T00:00:00Z')
  const late = eventAt('2031-05-01T00:00:00Z')
  const noDay = exportRow({ event_date: '20260231' })
  const { events, letters } = await ga4(t, 'dates', {
    'events_20260105.ndjson': lines(good!, early, late, noDay),
  })
  t.same(events, seconds(1))
  t.match(letters, [
    { stage: 'ga4', origin: 'events_20260105.ndjson line 2', reason: /event_timestamp is "86400000000"/ },
    { stage: 'ga4', origin: 'events_20260105.ndjson line 4', reason: /event_date is "20260231"/ },
    { stage: 'normalise', reason: /event_time 2031-05-01T00:00:00.000Z is in the future/ },
  ])
})

t.test('ads out of range', async t => {
  const days = ['2026-02-30', '1999-12-31', '2026-01-20']
  const { ads, letters } = await csv(t, 'dates', {
    'spend.csv': lines(HEADER, ad('x0'), ...days.map((date, i) => ad(`x${i + 1}`, { date }))),
  })
  t.same(ads, ['x0'])
  t.match(letters, [
    { origin: 'spend.csv line 3', reason: /'2026-02-30' is not a date/ },
    { origin: 'spend.csv line 4', reason: /before 2000-01-01/ },
    { origin: 'spend.csv line 5', reason: /after the report itself/ },
  ])
})

t.test('empty files', async t => {
  const events = await ga4(t, 'empty', {
    'events_20260105.parquet': '',
    'events_20260106.ndjson': '',
    'events_20260107.ndjson': ndjson(exportRows(2)),
  })
  t.same(events.events, seconds(2))
  t.match(events.letters, [
    { origin: 'events_20260105.parquet', reason: 'empty file' },
    { origin: 'events_20260106.ndjson', reason: 'empty file' },
  ])
  const ads = await csv(t, 'empty', { 'a.csv': '', 'b.csv': lines(HEADER, ad('x1')), 'c.csv': HEADER })
  t.same(ads.ads, ['x1'])
  t.match(ads.letters, [{ origin: 'a.csv', reason: 'empty file' }])
  t.match(ads.err, /c\.csv: has a header and no rows/)
})

t.test('a folder without files of this kind, a path that is not there: one line that says so', async t => {
  const ingest = (connector: readonly string[], path: string) =>
    stratum('ingest', ...connector, '--set', `path=${path}`, '--tenant', 'demo', '--data', 'none')
  mkdirSync(join(cwd, 'nothing'))
  for (const path of ['nothing', 'nowhere'])
    for (const connector of [['ga4'], GENERIC])
      fails(t, await ingest(connector, path), 1, new RegExp(`${connector[0]}: /path: .*${path}`))
  mkdirSync(join(cwd, 'others'))
  write('others/notes.txt', 'milk, eggs\n')
  for (const connector of [['ga4'], GENERIC]) {
    const err = new RegExp(
      `^${connector[0]}: [^\\n]*left alone[^\\n]*\\nstratum ingest: ${connector[0]}: [^\\n]*others[^\\n]*\\n$`,
    )
    t.match(await ingest(connector, 'others'), { code: 1, out: '', err })
  }
  t.same(await json('deadletters', 'list', '--data', 'none'), [], 'none of it is a dead letter')
})
