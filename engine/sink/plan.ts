import type { Warehouse } from '../store/warehouse.ts'
import {
  createDatabase,
  createTable,
  createView,
  partitionKey,
  type TableOptions,
  timeToLive,
  viewMark,
  WINDOWS,
} from './ddl.ts'
import { ORIGIN_COLUMNS, type TableSpec } from './table.ts'

/** One thing a release would change. `loss`: data is lost by it, so its name has to be typed. */
export interface Change {
  readonly what: 'table' | 'retention' | 'view' | 'topic' | 'schema' | 'state' | 'catalogue'
  readonly name: string
  readonly action: 'create' | 'alter' | 'recreate' | 'refuse'
  readonly detail: string
  readonly loss: boolean
  readonly sql: readonly string[]
}

/** Compares the warehouse with the tables this release needs. Empty when nothing differs. */
export async function planTables(
  warehouse: Warehouse,
  tables: readonly TableSpec[],
  options: TableOptions,
): Promise<Change[]> {
  const { database } = options
  const before = (await hasDatabase(warehouse, database)) ? [] : [createDatabase(database)]
  const changes: Change[] = []
  const present = await warehouse.query<{
    name: string
    engine: string
    sorting_key: string
    partition_key: string
    query: string
  }>(
    `SELECT name, engine, sorting_key, partition_key, create_table_query AS query FROM system.tables WHERE database = {database:String}`,
    { database },
  )
  const columns = await warehouse.query<{ table: string; name: string; type: string }>(
    'SELECT table, name, type FROM system.columns WHERE database = {database:String}',
    { database },
  )
  for (const table of tables) {
    const found = present.find(t => t.name === table.name)
    changes.push(
      ...(found
        ? compare(
            table,
            found,
            columns.filter(c => c.table === table.name),
            options,
          )
        : [creation(table, options, before)]),
    )
    for (const view of table.views ?? []) {
      const seen = present.find(t => t.name === view.name)
      if (seen?.engine === 'View' && seen.query.includes(viewMark(view, database))) continue
      const foreign = seen !== undefined && seen.engine !== 'View'
      changes.push({
        what: 'view',
        name: view.name,
        action: foreign ? 'refuse' : seen ? 'alter' : 'create',
        detail: foreign ? `there is a ${seen.engine} of that name: rename or drop it` : view.comment,
        loss: false,
        sql: foreign ? [] : [createView(view, database)],
      })
    }
  }
  return changes
}

export async function hasDatabase(warehouse: Warehouse, database: string): Promise<boolean> {
  const found = await warehouse.query('SELECT name FROM system.databases WHERE name = {database:String}', {
    database,
  })
  return found.length > 0
}

function creation(table: TableSpec, options: TableOptions, before: readonly string[]): Change {
  return {
    what: 'table',
    name: table.name,
    action: 'create',
    detail: table.comment,
    loss: false,
    sql: [...before, createTable(table, options)],
  }
}

function compare(
  table: TableSpec,
  found: { engine: string; sorting_key: string; partition_key: string; query: string },
  columns: readonly { name: string; type: string }[],
  options: TableOptions,
): Change[] {
  const wanted = [...table.columns, ...ORIGIN_COLUMNS]
  const differences: string[] = []
  // Its relatives (Replacing, Summing) make one row of several.
  if (!/^(Replicated|Shared)?MergeTree$/.test(found.engine))
    differences.push(`engine is ${found.engine}, MergeTree is needed`)
  if (keyOf(found.sorting_key) !== flat(table.orderBy.join(',')))
    differences.push(`it is ordered by (${found.sorting_key}), (${table.orderBy.join(', ')}) is needed`)
  if (flat(found.partition_key) !== flat(partitionKey(table)))
    differences.push(`it is partitioned by ${found.partition_key}, ${partitionKey(table)} is needed`)
  const missing = wanted.filter(w => !columns.some(c => c.name === w.name))
  for (const w of wanted) {
    const c = columns.find(c => c.name === w.name)
    if (c && flat(c.type) !== flat(w.type))
      differences.push(`column ${w.name} is ${c.type}, ${w.type} is needed`)
  }
  for (const c of columns)
    if (!wanted.some(w => w.name === c.name))
      differences.push(`column ${c.name} is not known to this release`)
  const { name } = table
  if (differences.length > 0)
    return [
      {
        what: 'table',
        name,
        action: 'recreate',
        detail: differences.join('; '),
        loss: true,
        sql: [`DROP TABLE ${options.database}.${name} SYNC`, createTable(table, options)],
      },
    ]
  const detail: string[] = []
  const sql: string[] = []
  const alter = `ALTER TABLE ${options.database}.${name}`
  if (missing.length > 0) {
    detail.push(
      `add ${missing.map(m => `${m.name} ${m.type}`).join(', ')}`,
      `rows there have no value in a new column: NULL, or where its type takes none '' or 0 (${refillHint(name)})`,
    )
    sql.push(...missing.map(m => `${alter} ADD COLUMN ${m.name} ${m.type}`))
  }
  if (!hasWindow(found)) {
    detail.push('give it back its deduplication window, without which repeats are counted twice')
    sql.push(`${alter} MODIFY SETTING ${WINDOWS}`)
  }
  const changes = retention(table, found.query, options)
  if (sql.length > 0)
    changes.push({ what: 'table', name, action: 'alter', detail: detail.join('; '), loss: false, sql })
  return changes
}

/** How long rows are kept. A name of its own: to lose old rows is not to lose the table. */
function retention(table: TableSpec, query: string, { database, retentionYears }: TableOptions): Change[] {
  const wanted = timeToLive(table, retentionYears)
  const there = /\bTTL (.+?) SETTINGS\b/.exec(query)?.[1] ?? null
  if (there === wanted) return []
  const years = Number(/toIntervalYear\((\d+)\)/.exec(there ?? '')?.[1] ?? Number.POSITIVE_INFINITY)
  return [
    {
      what: 'retention',
      name: `${table.name}.retention`,
      action: 'alter',
      detail: `keep rows ${retentionYears} years instead of ${there === null ? 'for ever' : Number.isFinite(years) ? years : there}`,
      loss: retentionYears < years,
      sql: [`ALTER TABLE ${database}.${table.name} MODIFY TTL ${wanted}`],
    },
  ]
}

export const refillHint = (name: string): string => `--lose ${name} fills it again from the log instead`

/** Each engine reads one of the two. */
function hasWindow({ engine, query }: { engine: string; query: string }): boolean {
  const read =
    engine === 'MergeTree'
      ? /\bnon_replicated_dedup\w+_window = [1-9]/
      : /\breplicated_dedup\w+_window = [1-9]/
  return read.test(query)
}

/** The server keeps the parentheses of a key of one column. */
const keyOf = (text: string): string => flat(text).replace(/^\((\w+)\)$/, '$1')

const flat = (text: string): string => text.replace(/\s+/g, '')
