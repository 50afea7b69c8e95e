import { LiveTenants } from '../clock/live.ts'
import { StratumError } from '../errors.ts'
import { LogTable } from '../log/table.ts'
import { createDatabase } from '../sink/ddl.ts'
import { setDurability } from '../sink/durability.ts'
import { type Change, hasDatabase } from '../sink/plan.ts'
import type { TableSpec } from '../sink/table.ts'
import { topicName } from '../stage/layout.ts'
import { stateVersion } from '../stage/stage.ts'
import type { Warehouse } from '../store/warehouse.ts'
import { refuseReader } from '../store/writable.ts'
import { groupWriter } from './partition-group.ts'
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
  const { generations } = stores
  await generations.refresh()
  const known = generations.known()
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
  const names = kindsOf(app).map(kind => kind.name)
  for (const warning of await stores.registry.warnings(names)) options.observer.warning?.(warning)
  await generations.made(app.tables, known)
  // Made here with the others, so that it is there whichever command looks first.
  await LiveTenants.open(log)
  const cells = await LogTable.open<StageCell>(log, STAGES_TOPIC)
  await cells.change(rows =>
    app.tasks
      .flatMap(t => t.stages)
      .map(stage => {
        const { name, version } = stage
        const first = rows.get(name)?.first ?? rows.get(name)?.version ?? version
        return [name, { version, state: stateVersion(stage), first }] as const
      })
      .filter(([name, cell]) => JSON.stringify(rows.get(name)) !== JSON.stringify(cell)),
  )
  return changes
}

/**
 * The log is told first that a table is to be filled again: killed anywhere after it, the next one that may finds
 * that and does all of it, and killed before it nothing has changed.
 */
async function carryOut(stores: Stores, warehouse: Warehouse, change: Change): Promise<void> {
  const table = change.what === 'table' ? stores.app.tables.find(t => t.name === change.name) : undefined
  if (table && (change.action === 'recreate' || stores.generations.toRemake(table)))
    await refill(stores, table)
  for (const sql of change.sql) await warehouse.command(sql)
}

/** Sets the sink of a table back, through the writers that own it. */
export async function refill({ log, layout, groups, generations }: Stores, table: TableSpec): Promise<void> {
  const topic = topicName(table.from.topic)
  const { partitions = 0 } = (await log.topics()).find(t => t.name === topic) ?? {}
  const owners = Array.from({ length: partitions }, (_, p) => groupWriter(layout.groupOf(topic, p, groups)))
  await generations.refill(table, topic, owners)
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
