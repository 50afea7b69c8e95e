import type { Warehouse } from '../store/warehouse.ts'
import { createDatabase, createTable, createView, partitionKey, type TableOptions, viewMark } from './ddl.ts'
import { ORIGIN_COLUMNS, type TableSpec } from './table.ts'

/** One thing a release would change. `loss`: data is lost by it, so its name has to be typed. */
export interface Change {
  readonly what: 'table' | 'view' | 'topic' | 'schema' | 'state'
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
        : [creation(table, options)]),
    )
    for (const view of table.views ?? []) {
      const seen = present.find(t => t.name === view.name)
      if (seen?.engine === 'View' && seen.query.includes(viewMark(view, database))) continue
      changes.push({
        what: 'view',
        name: view.name,
        action: seen ? 'alter' : 'create',
        detail: view.comment,
        loss: false,
        sql: [createView(view, database)],
      })
    }
  }
  return changes
}

function creation(table: TableSpec, options: TableOptions): Change {
  return {
    what: 'table',
    name: table.name,
    action: 'create',
    detail: table.comment,
    loss: false,
    sql: [createDatabase(options.database), createTable(table, options)],
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
  if (!/MergeTree$/.test(found.engine)) differences.push(`engine is ${found.engine}, MergeTree is needed`)
  if (keyOf(found.sorting_key) !== flat(table.orderBy.join(',')))
    differences.push(`it is ordered by (${found.sorting_key}), (${table.orderBy.join(', ')}) is needed`)
  if (flat(found.partition_key) !== flat(partitionKey(table)))
    differences.push(`it is partitioned by ${found.partition_key}, ${partitionKey(table)} is needed`)
  if (!/deduplication_window = [1-9]/.test(found.query))
    differences.push('it has no deduplication window: repeats would be counted twice')
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
  if (missing.length === 0) return []
  return [
    {
      what: 'table',
      name,
      action: 'alter',
      detail: `add ${missing.map(m => `${m.name} ${m.type}`).join(', ')}`,
      loss: false,
      sql: missing.map(m => `ALTER TABLE ${options.database}.${name} ADD COLUMN ${m.name} ${m.type}`),
    },
  ]
}

/** The server keeps the parentheses of a key of one column. */
const keyOf = (text: string): string => flat(text).replace(/^\((\w+)\)$/, '$1')

const flat = (text: string): string => text.replace(/\s+/g, '')
