import { rmSync } from 'node:fs'
import { open } from 'lmdb'
import ga4 from '../connectors/ga4/index.ts'
import { Codec } from '../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../engine/codec/registry/embedded.ts'
import { LmdbLog } from '../engine/log/lmdb/log.ts'
import { createDatabase, createTable } from '../engine/sink/ddl.ts'
import { NativeBlock } from '../engine/sink/native.ts'
import { ORIGIN_COLUMNS, type TableSpec } from '../engine/sink/table.ts'
import { sourceContext } from '../engine/source/context.ts'
import { rawKind } from '../engine/source/raw.ts'
import { openChdb } from '../engine/store/clickhouse.ts'
import { eventsTable } from '../pipelines/ingest/tables.ts'

/**
 * The least that has to be done with the rows of an export, without an engine: decoded by the same connector,
 * encoded once and appended to bare LMDB, and inserted into bare chDB as blocks of the same size, in the product's
 * own format and durability. No deduplication, no state, no second topic, no sessions, no positions.
 *
 * Usage: floor.js EXPORT DIR. Prints {"rows", "seconds"}.
 */
const [path, dir] = process.argv.slice(2) as [string, string]
const ROWS = 50_000

/** Columns of `events`, taken as they are from the connector's record. */
const FIELDS: Readonly<Record<string, string>> = {
  event_id: 'event_key',
  person_key: 'person_id',
  user_key: 'user_id',
  session_key: 'session_id',
  traffic_source: 'source',
  traffic_medium: 'medium',
}
const CONSTANT: Readonly<Record<string, unknown>> = {
  tenant_id: 'demo',
  source: 'ga4',
  ingest_time: 1e15,
  click_ids: {},
  email_key: null,
  phone_key: null,
  items: null,
  variants: null,
}
const table: TableSpec = {
  ...eventsTable,
  columns: eventsTable.columns.map(({ name, type }) => ({
    name,
    type,
    value: r => (name in CONSTANT ? CONSTANT[name] : r[FIELDS[name] ?? name]),
  })),
}

rmSync(dir, { recursive: true, force: true })
const begun = performance.now()
const warehouse = await openChdb(dir)
await warehouse.command(createDatabase('stratum'))
await warehouse.command(createTable(table, { database: 'stratum', retentionYears: 10 }))
const bare = open<Buffer, number>({
  path: `${dir}/bare.lmdb`,
  noSubdir: true,
  noSync: true,
  encoding: 'binary',
})
const schemas = new LmdbLog(`${dir}/schemas`)
const codec = new Codec(await EmbeddedRegistry.open(schemas))
const [stream] = ga4.streams
const kind = rawKind('ga4', stream!)
await codec.register(kind)

let rows = 0
let block = new NativeBlock(table.columns, ORIGIN_COLUMNS)
let inserting: Promise<void> = Promise.resolve()

async function insert(): Promise<void> {
  const full = block
  block = new NativeBlock(table.columns, ORIGIN_COLUMNS)
  await inserting
  const { columns } = full
  inserting = warehouse.insert({
    database: 'stratum',
    table: 'events',
    columns,
    native: full.finish(),
    rows: full.rows,
    token: `floor:${rows}`,
  })
}

const context = { ...sourceContext({ config: { path } }), state: null }
for await (const { records } of ga4.read('events', context)) {
  const first = rows
  bare.transactionSync(() => {
    for (const data of records)
      bare.putSync(
        rows++,
        codec.encode(kind, { tenant_id: 'demo', connection: 'c', source: 'ga4', ingest_time: 1e15, data }),
      )
  })
  let offset = first
  for (const record of records) block.append(record, ['floor', 0, offset++])
  if (block.rows >= ROWS) await insert()
}
await insert()
await inserting
const seconds = (performance.now() - begun) / 1000
const [{ n }] = (await warehouse.query<{ n: number }>('SELECT count() AS n FROM stratum.events')) as [
  { n: number },
]
if (Number(n) !== rows) throw new Error(`${n} rows arrived of ${rows}`)
await warehouse.close()
await bare.close()
await schemas.close()
process.stdout.write(`${JSON.stringify({ rows, seconds })}\n`)
