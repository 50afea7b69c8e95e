import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { partitionOf } from '../../../engine/log/partition.ts'
import type { StoredRecord } from '../../../engine/log/port.ts'
import { Layout } from '../../../engine/stage/layout.ts'
import { Outputs } from '../../../engine/stage/outputs.ts'
import { note, noteKind } from './folding.ts'

const app = {
  sources: [],
  topics: [
    { name: 'keyed', route: 'key', cleanup: 'delete', kinds: [] },
    { name: 'facts', route: 'key', cleanup: 'delete', kinds: [] },
    { name: 'results', route: 'input', cleanup: 'delete', kinds: [] },
  ],
  tasks: [
    { name: 'other', from: 'facts', stages: [], emits: ['results'] },
    { name: 'work', from: 'facts', stages: [], emits: ['results'] },
  ],
  tables: [],
} as const

const BY = 'work:stratum.facts/1'

async function outputsOf(input = 1) {
  const codec = new Codec(EmbeddedRegistry.inMemory())
  await codec.register(noteKind)
  const layout = new Layout(app, { raw: 1, facts: 3, persons: 1 }, () => undefined)
  return { outputs: new Outputs(codec, layout, 'work:stratum.facts', input), codec }
}

const stored: StoredRecord = {
  key: Buffer.from('old key'),
  value: Buffer.from('value'),
  time: 7,
  offset: 99,
  headers: { only: 'somebody' },
}

t.test('records are gathered by partition in the order they were written', async t => {
  const { outputs, codec } = await outputsOf()
  for (const n of [1, 2, 3, 4, 5])
    outputs.emit('keyed', noteKind, note(`${n}`), ['acme', `person ${n % 2}`], 42)
  outputs.emit('results', noteKind, note('result'), ['acme'], 43)
  const groups = outputs.take()
  const reader = codec.reader()
  for (const { topic, partition, records } of groups)
    for (const record of records)
      if (topic === 'stratum.keyed') t.equal(partition, partitionOf(record.key, 3))
      else
        t.strictSame([topic, partition], ['stratum.results', 3 + 1], 'after the partitions of the other task')
  const keyed = groups.filter(g => g.topic === 'stratum.keyed').flatMap(g => g.records)
  const said = (key: string) =>
    keyed.filter(r => r.key.toString() === `acme\x1f${key}`).map(r => reader.decode(r.value!).value.text)
  t.strictSame(said('person 1'), ['1', '3', '5'])
  t.strictSame(said('person 0'), ['2', '4'])
  t.match(keyed[0], { time: 42 })
})

t.test('what was taken is gone, what was cleared never was', async t => {
  const { outputs } = await outputsOf()
  outputs.emit('results', noteKind, note('a'), ['acme'], 1)
  t.equal(outputs.take().length, 1)
  t.equal(outputs.take().length, 0)
  outputs.emit('results', noteKind, note('b'), ['acme'], 1)
  outputs.clear()
  t.equal(outputs.take().length, 0)
})

t.test('a forwarded record keeps all but its key and headers', async t => {
  const { outputs } = await outputsOf()
  outputs.forward('keyed', stored, ['acme', 'ann'])
  const [group] = outputs.take()
  t.equal(group!.partition, partitionOf('acme\x1fann', 3))
  const [{ key, value, time, headers }] = group!.records as [StoredRecord]
  t.strictSame([key.toString(), value, time, headers], ['acme\x1fann', stored.value, 7, undefined])
})

t.test('a broadcast record is in every partition once, and says who wrote it', async t => {
  const { outputs } = await outputsOf()
  outputs.broadcast('keyed', stored)
  const groups = outputs.take()
  t.strictSame(
    groups.map(g => [g.partition, g.records.length, g.records[0]!.key.toString(), g.records[0]!.headers]),
    [0, 1, 2].map(p => [p, 1, 'old key', { by: BY }]),
  )
})

t.test('whoever forwards a copy of a broadcast says so in its place', async t => {
  const { outputs } = await outputsOf()
  outputs.forward('keyed', { ...stored, headers: { by: 'before:keyed/7', only: 'one' } }, ['acme', 'ann'])
  t.strictSame(outputs.take()[0]!.records[0]!.headers, { by: BY })
})

t.test('a record of its own is in every partition once, under its tenant', async t => {
  const { outputs } = await outputsOf()
  outputs.emitToAll('keyed', noteKind, note('a'), 7)
  const groups = outputs.take()
  t.strictSame(
    groups.map(g => [g.partition, g.records.length, g.records[0]!.key.toString(), g.records[0]!.time]),
    [0, 1, 2].map(p => [p, 1, 'acme', 7]),
  )
})

t.test('a key that does not begin with the tenant of its record is refused', async t => {
  const { outputs } = await outputsOf()
  for (const key of [['ann'], ['acm', 'ann'], []])
    t.throws(() => outputs.emit('keyed', noteKind, note('a'), key, 1), {
      code: 'RECORD_INVALID',
      message: /key of a note for keyed must begin with its tenant, acme/,
    })
  t.strictSame(outputs.take(), [])
})
