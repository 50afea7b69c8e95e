import type { Application } from '../../engine/stage/topology.ts'
import type { Warehouse } from '../../engine/store/warehouse.ts'

export interface TableContent {
  readonly rows: number
  /** 128 bits, hex: the sum of the hashes of all rows, so that their order does not count and repeats do. */
  readonly hash: string
}

/** Where and when a row was written, which two runs of the same input may differ in (design §5). */
const NOT_CONTENT = ['ingest_time', '_partition', '_offset']

/**
 * Fits and forecasts are made when time comes to another day, of what has come by then from several partitions; what the last
 * one says of everything is in the views.
 */
const NOT_FIXED = ['attribution_models', 'attribution_fitted_daily', 'forecasts']

/** What every table and view of an application holds, by name: equal for two runs with the same result. */
export async function tableContents(
  warehouse: Warehouse,
  app: Application,
  database = 'stratum',
): Promise<Record<string, TableContent>> {
  const names = app.tables.flatMap(table => [table.name, ...(table.views ?? []).map(view => view.name)])
  const contents: Record<string, TableContent> = {}
  for (const name of names.filter(name => !NOT_FIXED.includes(name)).sort())
    contents[name] = await contentOf(warehouse, database, name)
  return contents
}

async function contentOf(warehouse: Warehouse, database: string, table: string): Promise<TableContent> {
  const columns = await warehouse.query<{ name: string }>(
    'SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String} ORDER BY name',
    { database, table },
  )
  const counted = columns.map(c => c.name).filter(name => !NOT_CONTENT.includes(name))
  // As JSON, because hash functions skip nulls.
  const row = `sipHash128(toJSONString(tuple(${counted.join(', ')})))`
  const [found] = await warehouse.query<TableContent>(
    `SELECT count() AS rows, lower(hex(sumWithOverflow(reinterpretAsUInt128(${row})))) AS hash FROM ${database}.${table}`,
  )
  return found!
}
