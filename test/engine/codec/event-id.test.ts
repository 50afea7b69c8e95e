import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import { EventIds } from '../../../engine/codec/event-id.ts'
import { defineKind, field, type Kind } from '../../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { rawKind } from '../../../engine/source/raw.ts'
import { object, string } from '../../../plugins/schema.ts'
import { click, clickKind } from '../stage/folding.ts'

t.test('the event id of any kind that has one, also of one this release does not know', async t => {
  const registry = EmbeddedRegistry.inMemory()
  const codec = new Codec(registry)
  await codec.register(clickKind)
  const value = codec.encode(clickKind, click('ann', 7))
  t.equal(new EventIds(codec).of(value), 'ann-7')
  t.equal(new EventIds(new Codec(registry)).of(value), 'ann-7')
  const later = new Codec(registry)
  await later.register(defineKind('click', [...clickFields, field('more', ['null', 'string'] as never)]))
  t.equal(new EventIds(later).of(value), 'ann-7')
})

const clickFields = [field('who', 'string'), field('n', 'long')]

t.test('none where there is none, or none to be read', async t => {
  const codec = new Codec(EmbeddedRegistry.inMemory())
  const people = {
    name: 'people',
    title: '',
    kind: null,
    schema: object({ id: string() }),
    primaryKey: ['id'],
    cursorField: null,
  }
  const raw = rawKind('crm', people)
  const numbered: Kind<{ event_id: number }> = {
    name: 'numbered',
    schema: { type: 'record', name: 'numbered', fields: [{ name: 'event_id', type: 'long' }] } as never,
    fields: ['event_id'],
  }
  for (const kind of [clickKind, raw, numbered]) await codec.register(kind as Kind)
  const ids = new EventIds(codec)
  const row = { tenant_id: 'acme', connection: 'c', source: 'crm', ingest_time: 1, data: { id: 'a' } }
  t.equal(ids.of(codec.encode(raw, row)), null)
  t.equal(ids.of(codec.encode(numbered, { event_id: 7 })), null)
  t.equal(ids.of(null), null)
  t.equal(ids.of(Buffer.from('not Avro')), null)
  const whole = codec.encode(clickKind, click('ann', 7))
  for (let length = 0; length < whole.length; length++) t.equal(ids.of(whole.subarray(0, length)), null)
})
