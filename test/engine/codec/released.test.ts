import avsc from 'avsc'
import t from 'tap'
import { Codec } from '../../../engine/codec/codec.ts'
import type { AvroSchema } from '../../../engine/codec/kind.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'
import { kindsOf } from '../../../engine/runtime/stores.ts'
import { app } from '../../../stratum.ts'
import { standard } from '../../support/engine.ts'
import { broken, current, released, type Schemas, thisRelease } from './released.ts'

t.test('the schemas of this release are recorded: `node dist/test/engine/codec/released.js`', async t => {
  t.ok(
    released().some(([release]) => release === thisRelease),
    `test/engine/codec/fixtures/released/${thisRelease}.json is there`,
  )
})

for (const [release, schemas] of released()) {
  t.test(`what ${release} has written can be read`, async t => {
    t.strictSame(broken(schemas, current()), [])
  })

  t.test(`records of ${release} come out of today's codec with what they held`, async t => {
    for (const [name, schema] of Object.entries(schemas)) {
      const registry = EmbeddedRegistry.inMemory([{ subject: name, version: 1, id: 1, schema }])
      const codec = new Codec(registry)
      for (const kind of kindsOf(app(standard))) if (kind.name === name) await codec.register(kind)
      const writer = avsc.Type.forSchema(schema)
      for (let i = 0; i < 20; i++) {
        const value = writer.random() as unknown as Record<string, unknown>
        const wire = Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), writer.toBuffer(value)])
        const found = codec.reader().decode(wire)
        t.equal(found.kind, name)
        const kept = Object.entries(value).filter(([field]) => field in found.value)
        t.ok(kept.length > 0)
        for (const [field, before] of kept)
          if (JSON.stringify(found.value[field]) !== JSON.stringify(before))
            t.strictSame(found.value[field], before, `${name}.${field}`)
      }
    }
  })
}

t.test('the check finds what it is there for', async t => {
  const schemas: Schemas = structuredClone(current())
  const session = schemas.session as unknown as { fields: { name: string; type: unknown }[] }
  const change = (fields: typeof session.fields) =>
    broken(current(), { ...schemas, session: { ...session, fields } as unknown as AvroSchema })
  t.strictSame(change(session.fields), [])
  t.match(change([...session.fields, { name: 'score', type: 'double' }]), [/^session: .*score/])
  t.match(change(session.fields.map(f => (f.name === 'events' ? { ...f, type: 'string' } : f))), [
    /^session: .*long/,
  ])
  const { session: _, ...fewer } = schemas
  t.strictSame(broken(current(), fewer), ['session: there is no such kind any more'])
})
