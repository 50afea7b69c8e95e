import { createTable } from '../sink/ddl.ts'
import { sinkGroup } from '../sink/inserter.ts'
import { type Change, planTables, refillHint } from '../sink/plan.ts'
import type { TableSpec } from '../sink/table.ts'
import { topicName } from '../stage/layout.ts'
import type { Warehouse } from '../store/warehouse.ts'
import type { Stores } from './stores.ts'

/**
 * What the warehouse needs, seen with what the log knows of each table: a table that was filled once and is gone has
 * to be filled again, not just made, because its sink has gone on.
 */
export async function planFilledTables(
  stores: Stores,
  warehouse: Warehouse,
  lose: readonly string[],
): Promise<Change[]> {
  const { app, options } = stores
  const found = await planTables(warehouse, app.tables, options.warehouse)
  const changes: Change[] = found.filter(c => c.what !== 'table')
  for (const table of app.tables) {
    const own = found.filter(c => c.what === 'table' && c.name === table.name)
    changes.push(...(await planTable(stores, warehouse, table, own, lose.includes(table.name))))
  }
  // Views last: they read tables.
  return changes.sort((a, b) => Number(a.what === 'view') - Number(b.what === 'view'))
}

async function planTable(
  stores: Stores,
  warehouse: Warehouse,
  table: TableSpec,
  found: readonly Change[],
  lose: boolean,
): Promise<readonly Change[]> {
  const { generations, options } = stores
  const change = (
    action: Change['action'],
    detail: string,
    loss: boolean,
    sql: readonly string[],
  ): Change => ({
    what: 'table',
    name: table.name,
    action,
    detail,
    loss,
    sql,
  })
  const anew = [
    `DROP TABLE IF EXISTS ${options.warehouse.database}.${table.name} SYNC`,
    createTable(table, options.warehouse),
  ]
  const again = `it is filled again from the log, ${await extentOf(stores, table)}`
  if (generations.toRemake(table)) {
    // Beside other processes a start must not do it: each would drop what the others have filled by then.
    const action = options.kafka ? 'recreate' : 'create'
    return [change(action, `an apply that was cut off goes on: ${again}`, false, anew)]
  }
  const known = generations.version(table)
  const filled = known !== null || (await hasPosition(stores, table))
  const [first] = found
  if (first?.action === 'create')
    return filled ? [change('recreate', `it was filled and is gone: ${again}`, false, anew)] : [first]
  if (first?.action === 'recreate') return [change('recreate', `${first.detail}; ${again}`, true, anew)]
  if (lose) return [change('recreate', `asked for: ${again}`, true, anew)]
  if (!filled && (await rowsIn(stores, warehouse, table)) > 0)
    return [
      change(
        'recreate',
        `it holds rows that are not of this log, and their offsets would be taken for its own; ${again}`,
        true,
        anew,
      ),
    ]
  const other = first ? [first] : []
  if (known === null || known === table.version) return other
  return [
    ...other,
    change(
      'alter',
      `version ${known} to ${table.version}: rows there keep their old meaning (${refillHint(table.name)})`,
      false,
      [],
    ),
  ]
}

async function rowsIn({ options }: Stores, warehouse: Warehouse, table: TableSpec): Promise<number> {
  const [row] = await warehouse.query<{ n: number }>(
    `SELECT count() AS n FROM ${options.warehouse.database}.${table.name}`,
  )
  return Number(row!.n)
}

async function hasPosition(stores: Stores, table: TableSpec): Promise<boolean> {
  const topic = topicName(table.from.topic)
  for (let p = 0; p < (await partitionsIn(stores, topic)); p++)
    if ((await stores.log.position(sinkGroup(table.name), topic, p)) !== null) return true
  return false
}

/** How much of what a table held the log can give again. */
async function extentOf(stores: Stores, table: TableSpec): Promise<string> {
  const topic = topicName(table.from.topic)
  const late: string[] = []
  for (let p = 0; p < (await partitionsIn(stores, topic)); p++) {
    const { start } = await stores.log.bounds(topic, p)
    if (start > 0) late.push(`${topic}/${p} from ${start}`)
  }
  if (late.length === 0) return 'which holds all its records'
  return `which holds ${late.join(', ')}: rows of records before are lost`
}

/** Partitions a topic has now; none when it is still to be made. */
async function partitionsIn({ log }: Stores, topic: string): Promise<number> {
  return (await log.topics()).find(t => t.name === topic)?.partitions ?? 0
}
