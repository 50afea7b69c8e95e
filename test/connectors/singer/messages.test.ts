import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { failure } from '../../support/failure.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { fake, read, record, schema, state } from './harness.ts'

t.test('a record keeps every digit, and its key too', async t => {
  const text = '{"id": 9007199254740993, "amount": 0.10000000000000000001, "n": {"a": [1e400, -0.0]}}'
  const other = '{"id": 9007199254740992, "amount": 1}'
  const { records, rejected } = await read(
    fake({
      lines: [
        schema('o'),
        record('o', text, ',"version":7,"time_extracted":"2026-04-15T11:30:00.000001+02:00"'),
        record('o', other),
      ],
    }),
  )
  t.same(rejected, [])
  const [head, first, second] = records
  t.equal(head!.type, 'SCHEMA')
  t.equal(first!.record, text)
  t.equal(first!.key, '["o",9007199254740993]')
  t.equal(first!.version, 7)
  t.equal(first!.time_extracted, 1_776_245_400_000_001)
  t.equal(second!.key, '["o",9007199254740992]')
  t.equal(second!.time_extracted, null)
  t.equal(first!.schema_hash, head!.schema_hash)
  t.same(
    records.map(r => r.sequence),
    [0, 1, 2],
  )
})

t.test('a line that is no message is rejected, with where it stood, and the rest goes on', async t => {
  const cases: [string, RegExp][] = [
    ['Loading plugins…', /not valid JSON \(unexpected character/],
    ['{"type":"RECORD","stream":"o","record":{"id":1', /it ends too early/],
    [record('o', '{"id":2,"x":NaN}'), /NaN and Infinity are no JSON/],
    [record('p', '{"id":3}'), /no SCHEMA of its stream came before it/],
    [record('o', '{"no":4}'), /the key property id is missing/],
    [record('o', '[5]'), /without an object `record`/],
    ['{"type":"RECORD","record":{"id":6}}', /RECORD without a stream/],
    [record('o', '{"id":7}', ',"version":1.5'), /version of RECORD is no whole number/],
    ['{"type":"TRACE","stream":"o"}', /type TRACE is not one of Singer/],
    ['{"hello":1}', /without a type of Singer/],
    ['[]', /not a JSON object/],
    ['{"type":"STATE"}', /STATE without an object `value`/],
    ['{"type":"SCHEMA","stream":"o"}', /SCHEMA without an object `schema`/],
    ['{"type":"SCHEMA","stream":"o","schema":{},"key_properties":"id"}', /no list of names/],
  ]
  const lines = [schema('o'), ...cases.map(([line]) => line), '', record('o', '{"id":99}')]
  const { records, rejected } = await read(fake({ lines }))
  t.equal(rejected.length, cases.length)
  for (const [i, [line, reason]] of cases.entries()) {
    t.match(rejected[i]!.reason, reason)
    t.equal(rejected[i]!.bytes!.toString(), line)
    t.equal(rejected[i]!.origin, `node entry ${i}`)
  }
  t.same(
    records.map(r => r.record),
    [null, '{"id":99}'],
  )
})

t.test('bytes that are no UTF-8 spoil their own line only', async t => {
  const file = join(temporaryFolder(t), 'out')
  const bad = Buffer.from([0x7b, 0xff, 0x0a])
  const lines = [schema('o'), record('o', '{"id":"ü"}'), '']
  const after = Buffer.from(`${record('o', '{"id":2}')}\r\n`)
  writeFileSync(file, Buffer.concat([Buffer.from(lines.join('\n')), bad, after]))
  const { records, rejected } = await read(fake({}, { command: '/bin/sh', args: ['-c', 'cat "$0"', file] }))
  t.same(
    rejected.map(r => [r.reason, r.origin]),
    [['not valid UTF-8', 'sh entry 2']],
  )
  t.same(
    records.map(r => r.key),
    [null, '["o","ü"]', '["o",2]'],
  )
})

t.test('ACTIVATE_VERSION stays in its place, and a SCHEMA comes when it is another', async t => {
  const lines = [
    schema('o'),
    record('o', '{"id":1}', ',"version":2'),
    '{"type":"ACTIVATE_VERSION","stream":"o","version":2}',
    schema('o'),
    state({ at: 1 }),
    schema('o', ['id'], { id: { type: 'integer' } }),
    record('o', '{"id":2}', ',"version":2'),
  ]
  const first = await read(fake({ lines }))
  t.same(
    first.records.map(r => [r.type, r.version]),
    [
      ['SCHEMA', null],
      ['RECORD', 2],
      ['ACTIVATE_VERSION', 2],
      ['SCHEMA', null],
      ['RECORD', 2],
    ],
  )
  const again = await read(fake({ lines: lines.slice(-2) }), first.states.at(-1))
  t.same(
    again.records.map(r => [r.type, r.sequence]),
    [['RECORD', 5]],
    'it is known from the run before',
  )
})

t.test('BATCH messages are refused with what to do', async t => {
  const lines = [schema('o'), '{"type":"BATCH","stream":"o","encoding":{},"manifest":[]}']
  const error = await failure(read(fake({ lines })))
  t.equal(error.kind, 'config')
  t.match(error.message, /^\/config: node sends BATCH messages.*take batch_config out/)
})

t.test('records are checked by their schema where that is wanted', async t => {
  const lines = [
    schema('o', ['id'], { id: { type: 'integer' }, name: { type: ['null', 'string'] } }),
    record('o', '{"id":1,"name":"secret name"}'),
    record('o', '{"id":"two"}'),
    schema('odd', [], { a: { type: 'no such type' } }),
    record('odd', '{"a":1}'),
  ]
  const { records, rejected, notices } = await read(fake({ lines }, { validate: true }))
  t.same(
    records.filter(r => r.type === 'RECORD').map(r => r.record),
    ['{"id":1,"name":"secret name"}', '{"a":1}'],
  )
  t.same(
    rejected.map(r => r.reason),
    ['does not match the schema of stream o: /id must be integer'],
  )
  t.match(notices, [/the schema of stream odd is of a kind that is not understood/])
})
