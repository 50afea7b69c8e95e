import {
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  Struct,
  Table,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow'
import t from 'tap'
import { folder, parquetBytes, write } from '../../plugins/files/support.ts'
import { check, type exportRow, exportRows, ndjson, run } from './support.ts'

type Row = ReturnType<typeof exportRow>

const nullable = (name: string, type: DataType) => new Field(name, type, true)
const struct = (fields: Readonly<Record<string, DataType>>) =>
  new Struct(Object.entries(fields).map(([name, type]) => nullable(name, type)))
const slots = {
  string_value: new Utf8(),
  int_value: new Int64(),
  float_value: new Float64(),
  double_value: new Float64(),
}
const paramList = (value: DataType) => new List(nullable('item', struct({ key: new Utf8(), value })))

const params = (row: Row) =>
  row.event_params.map(({ key, value }) => {
    const int = 'int_value' in value ? value.int_value : null
    return { key, value: { ...value, int_value: int === null ? null : BigInt(int) } }
  })

/** Rows as the columns of a table; `over` replaces some. */
function tableOf(rows: readonly Row[], over: Readonly<Record<string, Vector>> = {}): Table {
  const text = (name: 'event_date' | 'event_name' | 'user_pseudo_id' | 'stream_id') =>
    vectorFromArray(
      rows.map(row => row[name]),
      new Utf8(),
    )
  return new Table({
    event_date: text('event_date'),
    event_timestamp: vectorFromArray(
      rows.map(row => BigInt(row.event_timestamp)),
      new Int64(),
    ),
    event_name: text('event_name'),
    event_params: vectorFromArray(rows.map(params), paramList(struct(slots))),
    user_pseudo_id: text('user_pseudo_id'),
    stream_id: text('stream_id'),
    device: vectorFromArray(
      rows.map(row => row.device),
      struct({ category: new Utf8() }),
    ),
    ...over,
  })
}

t.test('a row reads the same from Parquet and JSON, and from every state on', async t => {
  const dir = folder(t)
  const rows = exportRows(9000).map(row => ({ ...row, privacy_info: null, geo: null, traffic_source: null }))
  const plain = rows as unknown as Row[]
  const parquet = await write(dir, 'events_20260105.parquet', parquetBytes(tableOf(plain), 3500))
  const json = await write(dir, 'events_20260105.ndjson', ndjson(rows))
  await check(parquet.path)
  const whole = await run(parquet.path)
  t.same(whole.rejected, [])
  t.same(whole.events, (await run(json.path)).events)
  for (const [k, { state }] of whole.batches.entries()) {
    const rest = await run(parquet.path, state)
    t.same(
      rest.events,
      whole.batches.slice(k + 1).flatMap(batch => batch.records),
    )
    t.same(rest.state, whole.state)
  }
})

const itemsOf = (types: Readonly<Record<string, DataType>>, name = 'element') =>
  vectorFromArray(
    [[{ item_id: 'a', item_name: 'A', price: 2.5, quantity: 3n, coupon: 'C' }], null, []],
    new List(nullable(name, struct(types))),
  )
const ITEM = { item_id: new Utf8(), item_name: new Utf8(), price: new Float64(), quantity: new Int64() }

t.test('what was bought, however a writer names the records of its lists', async t => {
  const dir = folder(t)
  const rows = exportRows(3, { event_name: 'purchase' })
  const kept = '[{"item_id":"a","item_name":"A","price":2.5,"quantity":3}]'
  for (const name of ['element', 'item', 'array_element']) {
    const items = itemsOf({ ...ITEM, coupon: new Utf8() }, name)
    const { path } = await write(dir, `${name}.parquet`, parquetBytes(tableOf(rows, { items })))
    const { events } = await run(path)
    t.same(
      events.map(({ params }) => params.items),
      [kept, undefined, undefined],
      name,
    )
  }
  const items = vectorFromArray(['x', 'y', 'z'], new Utf8())
  const { path } = await write(dir, 'text.parquet', parquetBytes(tableOf(rows, { items })))
  t.match((await run(path)).rejected, [{ reason: 'the column items is "x", not a list of records' }])
})

t.test('types of other writers', async t => {
  const dir = folder(t)
  const rows = exportRows(3)
  const wanted = (await run((await write(dir, 'a.parquet', parquetBytes(tableOf(rows)))).path)).events
  const drifted: Readonly<Record<string, Vector>> = {
    event_timestamp: vectorFromArray(
      rows.map(row => row.event_timestamp),
      new Utf8(),
    ),
    event_date: vectorFromArray(
      rows.map(row => Number(row.event_date)),
      new Int32(),
    ),
    event_name: vectorFromArray(
      rows.map(row => row.event_name),
      new Dictionary(new Utf8(), new Int32()),
    ),
    stream_id: vectorFromArray(
      rows.map(row => BigInt(row.stream_id)),
      new Int64(),
    ),
    event_params: vectorFromArray(
      rows.map(row =>
        row.event_params.map(({ key, value }) => ({ key, value: 'int_value' in value ? value : {} })),
      ),
      paramList(struct({ string_value: new Utf8(), int_value: new Utf8() })),
    ),
  }
  for (const [name, vector] of Object.entries(drifted)) {
    const { path } = await write(dir, `${name}.parquet`, parquetBytes(tableOf(rows, { [name]: vector })))
    t.same((await run(path)).events, wanted, name)
  }
})

t.test('a bad row and a bad file', async t => {
  const dir = folder(t)
  const rows = exportRows(3)
  const event_timestamp = vectorFromArray(['1767606000000000', 'soon', '1767606000000000'], new Utf8())
  await write(dir, 'events_20260101.parquet', parquetBytes(tableOf(rows, { event_timestamp })))
  const good = parquetBytes(tableOf(exportRows(500)))
  await write(dir, 'events_20260102.parquet', good.subarray(0, good.length / 2))
  const flipped = Uint8Array.from(good)
  flipped.fill(0xa5, 200, good.length / 2)
  await write(dir, 'events_20260103.parquet', flipped)
  const event_params = vectorFromArray(['x', 'y', 'z'], new Utf8())
  await write(dir, 'events_20260104.parquet', parquetBytes(tableOf(rows, { event_params })))
  const { event_name, ...columns } = Object.fromEntries(
    tableOf(rows).schema.fields.map(field => [field.name, tableOf(rows).getChild(field.name)!]),
  )
  t.ok(event_name)
  await write(dir, 'events_20260105.parquet', parquetBytes(new Table(columns)))
  await write(dir, 'events_20260106.parquet', good)
  await check(dir)
  const { events, rejected } = await run(dir)
  t.equal(events.length, 2 + 500)
  t.match(
    rejected.map(({ origin, reason }) => ({ origin, reason })),
    [
      { origin: 'events_20260101.parquet row 2', reason: 'event_timestamp is "soon", not a number' },
      { origin: 'events_20260102.parquet', reason: /damaged or truncated: .*; 0 rows read before/ },
      { origin: 'events_20260103.parquet', reason: /damaged or truncated: .*; 0 rows read before/ },
      { origin: 'events_20260104.parquet', reason: /the column event_params is "x", not a list of records/ },
      { origin: 'events_20260105.parquet', reason: 'column event_name is missing' },
    ],
  )
  t.match(JSON.parse(rejected[0]!.bytes!.toString()), {
    event_timestamp: 'soon',
    device: { category: 'mobile' },
  })
})

t.test('a run that ends with a damaged file ends', async t => {
  const bytes = parquetBytes(tableOf(exportRows(500)))
  bytes.fill(0xa5, 200, bytes.length / 2)
  const { path } = await write(folder(t), 'a.parquet', bytes)
  const { events, rejected, state } = await run(path)
  t.same([events.length, rejected.length], [0, 1])
  t.same((await run(path, state)).batches, [])
  await t.rejects(check(path), { kind: 'config', message: /no events can be read from .*damaged/ })
})
