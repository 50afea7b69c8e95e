import { StratumError } from '../errors.ts'
import { LogTable } from '../log/table.ts'
import { createDatabase } from '../sink/ddl.ts'
import { setDurability } from '../sink/durability.ts'
import { type Change, hasDatabase } from '../sink/plan.ts'
import type { TableSpec } from '../sink/table.ts'
import { topicName } from '../stage/layout.ts'
import type { Warehouse } from '../store/warehouse.ts'
import { refuseReader } from '../store/writable.ts'
import { plan, STAGES_TOPIC, type StageCell } from './plan.ts'
import { kindsOf, type Stores } from './stores.ts'

/**
 * Makes a data directory ready for this release. `start` creates what is missing and adds what loses nothing to
 * an empty place; whatever would alter a table that is there waits for `apply`. Refusals stop both.
 */
export async function prepare(
  stores: Stores,
  warehouse: Warehouse,
  how: { apply: boolean; lose: readonly string[] },
): Promise<Change[]> {
  const { database } = stores.options.warehouse
  await refuseReader(warehouse, stores.options.warehouse)
  const changes = await plan(stores, warehouse, how.lose)
  const blocked = changes.filter(
    c =>
      c.action === 'refuse' ||
      (c.loss && !how.lose.includes(c.name)) ||
      (!how.apply && (c.what === 'table' || c.what === 'retention') && c.action !== 'create'),
  )
  if (blocked.length > 0)
    throw new StratumError(
      'TABLE_MISMATCH',
      `This data directory is not what this release needs:\n${blocked.map(describe).join('\n')}\n${wayOut(blocked)}`,
      { details: blocked.map(describe) },
    )
  const { app, log, layout, codec, options } = stores
  // Whoever may fill a database may not always make one.
  if (!(await hasDatabase(warehouse, database))) await warehouse.command(createDatabase(database))
  for (const change of changes) await carryOut(stores, warehouse, change)
  await setDurability(warehouse, database, app.tables, options.durability)
  await stores.keepLayout()
  for (const topic of layout.topics) await log.ensureTopic(topic)
  for (const kind of kindsOf(app)) await codec.register(kind)
  await stores.generations.made(app.tables)
  const cells = await LogTable.open<StageCell>(log, STAGES_TOPIC)
  await cells.change(rows =>
    app.tasks
      .flatMap(t => t.stages)
      .map(({ name, version, state }) => {
        const first = rows.get(name)?.first ?? rows.get(name)?.version ?? version
        return [name, { version, state: state?.version ?? null, first }] as const
      })
      .filter(([name, cell]) => JSON.stringify(rows.get(name)) !== JSON.stringify(cell)),
  )
  return changes
}

/**
 * The log is told first that a table is to be filled again: killed anywhere after it, the next run finds that and
 * makes the table anew, and killed before it nothing has changed.
 */
async function carryOut(stores: Stores, warehouse: Warehouse, change: Change): Promise<void> {
  if (change.what === 'table' && change.action === 'recreate') {
    const table = stores.app.tables.find(t => t.name === change.name) as TableSpec
    const topic = topicName(table.from.topic)
    const there = (await stores.log.topics()).find(t => t.name === topic)
    await stores.generations.refill(table, topic, there?.partitions ?? 0)
  }
  for (const sql of change.sql) await warehouse.command(sql)
}

function wayOut(blocked: readonly Change[]): string {
  if (blocked.some(c => c.action === 'refuse')) return '`stratum plan` shows all of it.'
  const names = blocked.filter(c => c.loss).map(c => ` --lose ${c.name}`)
  return `\`stratum apply${names.join('')}\` does it, \`stratum plan\` shows all of it.`
}

export function describe(change: Change): string {
  const { what, name, action, loss, detail } = change
  const toType = loss ? ' (loses its rows)' : ''
  return `  ${what} ${name}: ${action}${toType}: ${detail}`
}
