import t from 'tap'
import { folder, write } from '../../plugins/files/support.ts'
import { exportRow, exportRows, ndjson, run } from './support.ts'

t.test('an empty file is told, the next one is read', async t => {
  const dir = folder(t)
  await write(dir, 'events_20260105.parquet', '')
  await write(dir, 'events_20260106.json', '')
  await write(dir, 'events_20260107.json', ndjson(exportRows(1)))
  const { events, rejected, state } = await run(dir)
  t.equal(events.length, 1)
  t.same(rejected, [
    { reason: 'empty file', origin: 'events_20260105.parquet', bytes: null },
    { reason: 'empty file', origin: 'events_20260106.json', bytes: null },
  ])
  t.equal((await run(dir, state)).rejected.length, 0, 'it is told once')
})

t.test('bad rows come with reason, origin and bytes, without personal data', async t => {
  const dir = folder(t)
  const person = { user_id: 'jane.doe', event_name: null, note: 'jane@example.com' }
  const big = JSON.stringify(exportRow({}, { blob: 'x'.repeat(2_000_000) }))
  const text = [
    JSON.stringify(exportRow()),
    '{"event_name": broken jane@example.com}',
    JSON.stringify(person),
    big,
    '[1]',
    JSON.stringify(exportRow({ event_params: 'oops' })),
    '{"event_date": "2026',
  ].join('\n')
  const { events, rejected } = await run((await write(dir, 'events_20260105.ndjson', text)).path)
  t.equal(events.length, 1)
  t.match(
    rejected.map(({ origin, reason }) => ({ origin, reason })),
    [
      { origin: 'events_20260105.ndjson line 2', reason: /not valid JSON/ },
      { origin: 'events_20260105.ndjson line 3', reason: /event_timestamp is null/ },
      { origin: 'events_20260105.ndjson line 4', reason: /more than the limit/ },
      { origin: 'events_20260105.ndjson line 5', reason: /the row is \[1\], not a JSON object/ },
      { origin: 'events_20260105.ndjson line 6', reason: /event_params is "oops", not an array/ },
      { origin: 'events_20260105.ndjson line 7', reason: /truncated last line/ },
    ],
  )
  t.equal(rejected[0]!.bytes!.toString(), '{"event_name": broken (redacted)}')
  t.same(JSON.parse(rejected[1]!.bytes!.toString()), { ...person, user_id: '(redacted)', note: '(redacted)' })
  t.equal(rejected[2]!.bytes!.toString(), big, 'a large row is handed on whole')
})

t.test('a row which is no UTF-8 keeps its bytes', async t => {
  const bytes = Buffer.concat([Buffer.from('{"note":"a@b.de '), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
  const { rejected } = await run((await write(folder(t), 'events_20260105.json', bytes)).path)
  t.match(rejected[0]!.reason, 'not valid UTF-8')
  t.same(
    rejected[0]!.bytes,
    Buffer.concat([Buffer.from('{"note":"(redacted) '), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
  )
})
