import type { Test } from 'tap'
import { Codec } from '../../engine/codec/codec.ts'
import type { AvroSchema, Kind } from '../../engine/codec/kind.ts'
import type { SchemaRegistry } from '../../engine/codec/registry/port.ts'

/** Opens one registry again and again, as processes do that share it and a log. Its subjects begin with `sale`. */
export type Open = () => Promise<SchemaRegistry>

interface Field {
  readonly name: string
  readonly type: unknown
  readonly default?: unknown
  readonly aliases?: readonly string[]
}

export const sale = (fields: readonly Field[], more: object = {}) =>
  ({ type: 'record', name: 'sale', namespace: 'stratum', fields, ...more }) as unknown as AvroSchema

export const kindOf = (name: string, schema: AvroSchema): Kind => ({
  name,
  schema,
  fields: (schema as unknown as { fields: { name: string }[] }).fields.map(f => f.name),
})

export const ID = { name: 'id', type: 'string' }
export const AMOUNT = { name: 'amount', type: 'int' }
const STATE = (symbols: string[]) => ({ name: 'state', type: { type: 'enum', name: 'state', symbols } })
export const V1 = sale([ID, AMOUNT, STATE(['OPEN', 'PAID'])])
const written = { id: 's1', amount: 7, state: 'PAID' }
/** The same schema as another kind. */
export const as = (name: string, schema: AvroSchema = V1) =>
  ({ ...(schema as object), name }) as unknown as AvroSchema

/** What may follow the first version, and how what it wrote is read then. */
const passes: Record<string, [AvroSchema, object]> = {
  'a new field with a default': [
    sale([ID, AMOUNT, STATE(['OPEN', 'PAID']), { name: 'note', type: ['null', 'string'], default: null }]),
    { ...written, note: null },
  ],
  'a field less': [sale([ID, STATE(['OPEN', 'PAID'])]), { id: 's1', state: 'PAID' }],
  'a wider number': [sale([ID, { name: 'amount', type: 'long' }, STATE(['OPEN', 'PAID'])]), written],
  'a field that may be null now': [
    sale([ID, { name: 'amount', type: ['null', 'int'], default: null }, STATE(['OPEN', 'PAID'])]),
    written,
  ],
  'a field renamed with an alias': [
    sale([ID, { name: 'total', type: 'int', aliases: ['amount'] }, STATE(['OPEN', 'PAID'])]),
    { id: 's1', total: 7, state: 'PAID' },
  ],
  'another order of fields': [sale([STATE(['OPEN', 'PAID']), AMOUNT, ID]), written],
  'one more symbol': [sale([ID, AMOUNT, STATE(['VOID', 'PAID', 'OPEN'])]), written],
  'other words for it': [sale([ID, AMOUNT, STATE(['OPEN', 'PAID'])], { doc: 'A sale' }), written],
}

/** What may not, and what is said of it. */
const refused: Record<string, [AvroSchema, RegExp]> = {
  'a new field without a default': [
    sale([ID, AMOUNT, STATE(['OPEN', 'PAID']), { name: 'note', type: 'string' }]),
    /note/,
  ],
  'a field renamed without an alias': [
    sale([ID, { name: 'total', type: 'int' }, STATE(['OPEN', 'PAID'])]),
    /total/,
  ],
  'another type': [sale([ID, { name: 'amount', type: 'string' }, STATE(['OPEN', 'PAID'])]), /int/],
  'a symbol less': [sale([ID, AMOUNT, STATE(['OPEN'])]), /state/],
  'another name of the record': [as('order'), /sale/],
}

/** What every schema registry must do. `place`: makes a registry that is empty. */
export function schemaRegistryContract(t: Test, place: (t: Test) => Promise<Open>): void {
  t.test('what may follow a version reads what it wrote', async t => {
    for (const [name, [schema, wanted]] of Object.entries(passes))
      await t.test(name, async t => {
        const registry = await (await place(t))()
        const before = new Codec(registry)
        await before.register(kindOf('sale', V1))
        const bytes = before.encode(kindOf('sale', V1), written)
        t.equal(await registry.compare('sale', schema), 'new-version')
        const after = new Codec(registry)
        await after.register(kindOf('sale', schema))
        t.strictSame(JSON.parse(JSON.stringify(after.reader().decode(bytes).value)), wanted)
        t.match(await registry.subjects(), [
          { subject: 'sale', versions: [{ version: 1, id: bytes.readUInt32BE(1) }, { version: 2 }] },
        ])
      })
  })

  t.test('what may not is refused, named, and not registered', async t => {
    for (const [name, [schema, says]] of Object.entries(refused))
      await t.test(name, async t => {
        const registry = await (await place(t))()
        const id = await registry.register('sale', V1)
        t.match(await registry.compare('sale', schema), { incompatible: /^version 1: / })
        const failed = registry.register('sale', schema)
        await t.rejects(failed, {
          code: 'SCHEMA_INCOMPATIBLE',
          message:
            /^Schema sale cannot read records already written \(version 1: .*Give new fields a default/,
        })
        await t.rejects(failed, { message: says })
        t.equal((await registry.subjects())[0]!.versions.length, 1)
        t.equal(await registry.register('sale', V1), id)
      })
  })

  t.test('every earlier version counts, not only the last', async t => {
    const registry = await (await place(t))()
    const versions = [
      sale([ID, AMOUNT]),
      sale([ID, { name: 'amount', type: 'int', default: 0 }, { name: 'note', type: 'string', default: '' }]),
    ]
    for (const version of versions) await registry.register('sale', version)
    const third = sale([ID, { name: 'note', type: 'string' }])
    t.match(await registry.compare('sale', third), { incompatible: /^version 1: .*note/ })
    await t.rejects(registry.register('sale', third), { code: 'SCHEMA_INCOMPATIBLE' })
  })

  t.test('a new subject, the same schema, a new version', async t => {
    const registry = await (await place(t))()
    t.equal(await registry.compare('sale', V1), 'new-subject')
    t.strictSame(await registry.subjects(), [], 'comparing registers nothing')
    const id = await registry.register('sale', V1)
    t.equal(await registry.compare('sale', V1), 'same')
    t.equal(await registry.register('sale', V1), id)
    const wider = sale([ID, { name: 'amount', type: 'long' }, STATE(['OPEN', 'PAID'])])
    t.equal(await registry.compare('sale', wider), 'new-version')
    t.not(await registry.register('sale', wider), id)
    t.not(await registry.register('sale_item', as('sale_item')), id)
    t.strictSame(registry.byId(id), V1)
    t.strictSame(await registry.warnings(['sale', 'sale_item']), [])
  })

  t.test('ids are the same for whoever opens it later, and so is what was written', async t => {
    const open = await place(t)
    const kinds = ['sale', 'sale_item', 'sale_tax'].map(name => kindOf(name, as(name)))
    const first = new Codec(await open())
    for (const kind of kinds) await first.register(kind)
    const bytes = kinds.map(kind => first.encode(kind, written))
    const later = new Codec(await open())
    for (const kind of [...kinds].reverse()) await later.register(kind)
    t.strictSame(
      kinds.map(kind => later.encode(kind, written)),
      bytes,
    )
    const reader = new Codec(await open()).reader()
    await reader.ready(bytes.map(value => ({ value })))
    t.match(
      bytes.map(b => reader.decode(b)),
      kinds.map(kind => ({ kind: kind.name, value: written })),
    )
  })

  t.test('what another process registers later is learned when it is met', async t => {
    const open = await place(t)
    const here = await open()
    await here.register('sale', V1)
    const there = await open()
    const wider = sale([ID, AMOUNT, STATE(['OPEN', 'PAID']), { name: 'note', type: 'string', default: '' }])
    const id = await there.register('sale', wider)
    t.notOk(here.has(id))
    t.throws(() => here.byId(id), { code: 'SCHEMA_UNKNOWN', message: `No schema has id ${id}: ` })
    await Promise.all([here.learn([id]), here.learn([id])])
    t.ok(here.has(id))
    t.match(here.byId(id), wider)
  })

  t.test('an id that nobody has registered stays unknown, and keeps no other from being learned', async t => {
    const open = await place(t)
    const here = await open()
    const id = await (await open()).register('sale', V1)
    await here.learn([id + 1_000_000, id])
    t.ok(here.has(id))
    t.notOk(here.has(id + 1_000_000))
    t.throws(() => here.byId(id + 1_000_000), { code: 'SCHEMA_UNKNOWN' })
  })

  t.test('processes that register at once: one id for each schema, and no id for two', async t => {
    const open = await place(t)
    const processes = await Promise.all([open(), open(), open()])
    const names = ['sale', 'sale_a', 'sale_b', 'sale_c']
    const wishes = processes.flatMap(registry => names.map(name => ({ registry, name })))
    const ids = await Promise.all(wishes.map(({ registry, name }) => registry.register(name, as(name))))
    const found = new Map(wishes.map(({ name }, i) => [name, ids[i]!]))
    t.strictSame(
      ids,
      wishes.map(({ name }) => found.get(name)),
    )
    t.equal(new Set(ids).size, names.length)
    for (const { versions } of await processes[0]!.subjects()) t.equal(versions.length, 1)
  })

  t.test('of two at once that cannot read one another, one is refused', async t => {
    const open = await place(t)
    const first = await open()
    await first.register('sale', sale([ID]))
    const rivals = [
      sale([ID, { name: 'amount', type: 'int', default: 0 }]),
      sale([ID, { name: 'amount', type: 'string', default: '' }]),
    ]
    const second = await open()
    const ends = await Promise.allSettled([
      first.register('sale', rivals[0]!),
      second.register('sale', rivals[1]!),
    ])
    t.strictSame(ends.map(end => end.status).sort(), ['fulfilled', 'rejected'])
    const lost = ends.find(end => end.status === 'rejected') as PromiseRejectedResult
    t.match(lost.reason, { code: 'SCHEMA_INCOMPATIBLE', message: /^Schema sale cannot read/ })
    t.equal((await first.subjects())[0]!.versions.length, 2)
  })

  t.test('an older release was let back on records it cannot read', async t => {
    const registry = await (await place(t))()
    const wider = sale([ID, { name: 'amount', type: 'long' }])
    const older = sale([ID, AMOUNT])
    await registry.register('sale', older)
    const id = await registry.register('sale', wider)
    t.match(await registry.compare('sale', older), { incompatible: /^version 2: .*long/ })
    await t.rejects(new Codec(registry).register(kindOf('sale', older)), {
      code: 'SCHEMA_INCOMPATIBLE',
      message: /version 2/,
    })
    t.equal((await registry.subjects())[0]!.versions.length, 2)
    t.equal(await registry.register('sale', wider), id)
  })

  t.test('an older release may go on where it reads what the newer one wrote', async t => {
    const open = await place(t)
    const older = sale([ID, AMOUNT])
    const newer = sale([ID, AMOUNT, { name: 'note', type: 'string', default: '' }])
    const registry = await open()
    await registry.register('sale', older)
    const codec = new Codec(registry)
    await codec.register(kindOf('sale', newer))
    const bytes = codec.encode(kindOf('sale', newer), { id: 's1', amount: 7, note: 'new' })
    t.equal(await registry.compare('sale', older), 'same')
    const back = new Codec(await open())
    await back.register(kindOf('sale', older))
    const reader = back.reader()
    await reader.ready([{ value: bytes }])
    t.match(reader.decode(bytes).value, { id: 's1', amount: 7 })
  })
}
