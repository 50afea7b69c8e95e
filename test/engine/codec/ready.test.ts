import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { type BaseRecord, defineKind, field } from '../../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { temporaryFolder } from '../../support/folder.ts'

interface Visit extends BaseRecord {
  readonly page: string
}

const visitKind = defineKind<Visit>('visit', [field('page', 'string')])
const visit: Visit = { tenant_id: 'a', event_id: 'e', event_time: 1, ingest_time: 2, page: '/' }

t.test('a record of another process was met before its schema, and was a dead letter', async t => {
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  const here = await EmbeddedRegistry.open(log)
  const there = new Codec(await EmbeddedRegistry.open(log))
  await there.register(visitKind)
  const value = there.encode(visitKind, visit)
  const reader = new Codec(here).reader()
  t.throws(() => reader.decode(value), { code: 'SCHEMA_UNKNOWN' })
  await reader.ready([{ value: null }, { value }])
  t.match(reader.decode(value), { kind: 'visit', value: visit })
  t.equal(reader.ready([{ value }, { value }]), undefined, 'nothing to wait for')
})

t.test('what is no record and what nobody has registered keep nothing else from being read', async t => {
  const registry = EmbeddedRegistry.inMemory()
  const codec = new Codec(registry)
  await codec.register(visitKind)
  const value = codec.encode(visitKind, visit)
  const reader = codec.reader()
  const strangers = [Buffer.from('{}'), Buffer.from([0, 1]), Buffer.from([0, 0, 0, 0, 9, 1])]
  await reader.ready([...strangers, value].map(value => ({ value })))
  t.match(reader.decode(value), { kind: 'visit' })
  for (const stranger of strangers.slice(0, 2))
    t.throws(() => reader.decode(stranger), { code: 'RECORD_INVALID' })
  t.throws(() => reader.decode(strangers[2]!), { code: 'SCHEMA_UNKNOWN' })
})

t.test('a schema of something else than a record is said', async t => {
  const registry = EmbeddedRegistry.inMemory([{ subject: 'text', version: 1, id: 1, schema: 'string' }])
  const reader = new Codec(registry).reader()
  t.throws(() => reader.decode(Buffer.from([0, 0, 0, 0, 1, 0])), {
    code: 'RECORD_INVALID',
    message: 'Schema 1 is of string, not of a record.',
  })
})
