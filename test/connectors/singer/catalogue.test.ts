import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import singer from '../../../connectors/singer/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { failure } from '../../support/failure.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { check, fake, read, schema, seenIn } from './harness.ts'

/** As text: its numbers must come through as they are. */
const CATALOG = `{"streams":[
  {"tap_stream_id":"public-orders","stream":"orders","key_properties":["id"],
   "schema":{"type":"object","properties":{"id":{"type":"integer","maximum":9223372036854775807,"multipleOf":1e-38}}},
   "metadata":[{"breadcrumb":[],"metadata":{"table-key-properties":["id"]}},
     {"breadcrumb":["properties","id"],"metadata":{"inclusion":"automatic"}},
     {"breadcrumb":["properties","blob"],"metadata":{"inclusion":"unsupported"}}]},
  {"tap_stream_id":"public-plain","stream":"plain","schema":{"type":"object"},"metadata":[]}]}`

interface Marked {
  streams: {
    tap_stream_id: string
    selected?: boolean
    replication_method?: string
    schema: { selected?: boolean }
    metadata: { breadcrumb: string[]; metadata: Record<string, unknown> }[]
  }[]
}

const own = (catalog: string, id: string) => {
  const { streams } = JSON.parse(catalog) as Marked
  return streams.find(s => s.tap_stream_id === id)!.metadata.find(m => m.breadcrumb.length === 0)!.metadata
}

t.test('all that a tap offers is selected, and its numbers stay as they are', async t => {
  const file = join(temporaryFolder(t), 'seen')
  await read(fake({ discover: CATALOG, seen: file }, { catalog_option: '--catalog' }))
  const [discovery, sync] = seenIn(file)
  t.match(discovery!.args, ['--config', String, '--discover'])
  t.match(sync!.args, ['--config', String, '--catalog', String])
  const catalog = sync!.catalog!
  t.match(catalog, /"maximum":9223372036854775807,"multipleOf":1e-38/)
  t.equal(own(catalog, 'public-orders').selected, true)
  t.equal(own(catalog, 'public-plain').selected, true)
  const fields = (JSON.parse(catalog) as Marked).streams[0]!.metadata
  t.equal(fields.find(m => m.breadcrumb[1] === 'id')!.metadata.selected, true)
  t.equal(fields.find(m => m.breadcrumb[1] === 'blob')!.metadata.selected, undefined)
})

t.test('streams are chosen by either name, in the way of today and of yesterday', async t => {
  const file = join(temporaryFolder(t), 'seen')
  const replication = { orders: { method: 'INCREMENTAL', key: 'id' }, '*': { method: 'FULL_TABLE' } }
  const over = { catalog_option: '--properties', streams: ['orders'], replication }
  await read(fake({ discover: CATALOG, seen: file }, over))
  const { args, catalog } = seenIn(file)[1]!
  t.equal(args[2], '--properties')
  t.match(own(catalog!, 'public-orders'), {
    selected: true,
    'replication-method': 'INCREMENTAL',
    'replication-key': 'id',
  })
  t.match(own(catalog!, 'public-plain'), { selected: false, 'replication-method': 'FULL_TABLE' })
  t.match(JSON.parse(catalog!).streams, [
    { selected: true, schema: { selected: true }, replication_method: 'INCREMENTAL', replication_key: 'id' },
    { selected: false, schema: { selected: false } },
  ])
})

t.test('a catalog that is given is handed on as it is, and nothing is discovered', async t => {
  const dir = temporaryFolder(t)
  const file = join(dir, 'seen')
  writeFileSync(join(dir, 'catalog.json'), CATALOG)
  for (const catalog of [join(dir, 'catalog.json'), JSON.parse(CATALOG)])
    await read(fake({ seen: file }, { catalog_option: '--catalog', catalog }))
  const runs = seenIn(file)
  t.equal(runs.length, 2)
  t.equal(runs[0]!.catalog, CATALOG.replace(/\n\s*/g, ''))
})

t.test('what is wrong with settings and catalogs is said before a tap reads', async t => {
  const cases: [object, RegExp][] = [
    [
      { streams: ['order'] },
      /^\/streams: the tap offers no stream order; there are: public-orders, public-plain$/,
    ],
    [{ streams: [] }, /^\/streams: is empty/],
    [{ replication: { x: { method: 'FULL_TABLE' } } }, /^\/replication: the tap offers no stream x/],
    [{ replication: { '*': { method: 'INCREMENTAL' } } }, /^\/replication\/\*: INCREMENTAL needs the field/],
    [{ streams: ['a'], catalog: {} }, /^\/streams: a catalog is given/],
    [{ streams: ['a'], catalog_option: 'none' }, /^\/streams: catalog_option is none/],
    [{ catalog: {}, catalog_option: 'none' }, /^\/catalog: catalog_option is none/],
    [{ catalog: '/no/such.json' }, /^\/catalog: cannot read \/no\/such.json: no such file$/],
    [{ catalog: { streams: [{}] } }, /^\/catalog: the setting gives no catalog: it wants/],
    [{ catalog: JSON.parse(CATALOG) }, /^\/catalog: selects no stream/],
  ]
  for (const [over, message] of cases) {
    const config = fake({ discover: CATALOG }, { catalog_option: '--catalog', ...over })
    t.match(await failure(check(config)), { kind: 'config', message })
  }
  const printed = fake({ discover: 'Welcome!\n{}' }, { catalog_option: '--catalog' })
  t.match(await failure(check(printed)), { kind: 'fatal', message: /gives no catalog: it is not valid JSON/ })
  const none = fake({ discover: { streams: [] } }, { catalog_option: '--catalog' })
  t.match(await failure(check(none)), { kind: 'config', message: /offers no stream at all/ })
})

t.test('check starts a tap that has nothing to discover, and stops it', async t => {
  const config = fake({ lines: [schema('o')], stays: 'quiet' })
  await t.resolves(check(config))
  t.same(
    (await singer.discover(sourceContext({ config }))).map(s => s.name),
    ['records'],
  )
})

t.test('the stream catalog tells what a tap offers, again when it is something else', async t => {
  const config = (discover: string) =>
    fake({ discover }, { catalog_option: '--catalog', streams: ['orders'] })
  const all = async (discover: string, state: unknown) => {
    const batches = []
    for await (const batch of singer.read('catalog', {
      ...sourceContext({ config: config(discover) }),
      state,
    }))
      batches.push(batch)
    return batches
  }
  const [first] = await all(CATALOG, null)
  t.match(first!.records, [
    { tap_stream_id: 'public-orders', stream: 'orders', selected: true, key_properties: ['id'] },
    { tap_stream_id: 'public-plain', selected: false, replication_method: null },
  ])
  t.match(first!.records[0]!.schema, /^\{"type":"object".*9223372036854775807/)
  t.notMatch(first!.records[0]!.schema, /selected/)
  t.same(await all(CATALOG, first!.state), [])
  t.equal((await all(CATALOG.replace('public-plain', 'public-other'), first!.state)).length, 1)
})
