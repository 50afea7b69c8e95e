import { StratumError } from '../errors.ts'
import { LogTable } from '../log/table.ts'
import { createDatabase } from '../sink/ddl.ts'
import { setDurability } from '../sink/durability.ts'
import { type Change, planTables } from '../sink/plan.ts'
import type { Warehouse } from '../store/warehouse.ts'
import { kindsOf, type Stores } from './stores.ts'

export const STAGES_TOPIC = 'stratum.stages'

/** What of a stage is in force: its own version and that of its state. */
interface StageCell {
  readonly version: number
  readonly state: number | null
}

/** Everything this release would change in tables, topics, schemas and states. */
export async function plan(stores: Stores, warehouse: Warehouse): Promise<Change[]> {
  return [
    ...(await planTopics(stores)),
    ...(await planSchemas(stores)),
    ...(await planStages(stores)),
    ...(await planTables(warehouse, stores.app.tables, stores.options.warehouse)),
  ]
}

async function planTopics({ log, layout }: Stores): Promise<Change[]> {
  const there = await log.topics()
  const changes: Change[] = []
  for (const topic of layout.topics) {
    const found = there.find(t => t.name === topic.name)
    const change = (action: Change['action'], detail: string): Change => ({
      what: 'topic',
      name: topic.name,
      action,
      detail,
      loss: false,
      sql: [],
    })
    if (!found) changes.push(change('create', `${topic.partitions} partitions, ${topic.cleanup}`))
    else if (topic.growable && found.partitions < topic.partitions)
      changes.push(
        change('alter', `${found.partitions} to ${topic.partitions} partitions: new writers get their own`),
      )
    else if (found.partitions !== topic.partitions || found.cleanup !== topic.cleanup)
      changes.push(
        change(
          'refuse',
          `it has ${found.partitions} partitions (${found.cleanup}), this release needs ${topic.partitions} (${topic.cleanup}); keys would move: set log.partitions back, or begin a new data directory`,
        ),
      )
    else if (found.retentionMs !== topic.retentionMs)
      changes.push(
        change('alter', `retention ${found.retentionMs ?? 'none'} ms to ${topic.retentionMs ?? 'none'} ms`),
      )
  }
  return changes
}

async function planSchemas({ app, registry }: Stores): Promise<Change[]> {
  const changes: Change[] = []
  for (const kind of kindsOf(app)) {
    const verdict = await registry.compare(kind.name, kind.schema)
    const change = (action: Change['action'], detail: string): Change => ({
      what: 'schema',
      name: kind.name,
      action,
      detail,
      loss: false,
      sql: [],
    })
    if (typeof verdict === 'object')
      changes.push(change('refuse', `cannot read what is written (${verdict.incompatible})`))
    else if (verdict === 'new-subject') changes.push(change('create', 'version 1'))
    else if (verdict === 'new-version') changes.push(change('alter', 'a new version, reads all earlier ones'))
  }
  return changes
}

async function planStages({ app, log }: Stores): Promise<Change[]> {
  const table = await LogTable.open<StageCell>(log, STAGES_TOPIC)
  const changes: Change[] = []
  for (const stage of app.tasks.flatMap(t => t.stages)) {
    const found = table.rows.get(stage.name)
    const wanted = stage.state?.version ?? null
    const change = (action: Change['action'], detail: string): Change => ({
      what: 'state',
      name: stage.name,
      action,
      detail,
      loss: false,
      sql: [],
    })
    if (!found) changes.push(change('create', `stage version ${stage.version}`))
    else if (found.version > stage.version)
      changes.push(
        change(
          'refuse',
          `stage version ${found.version} has run here, this release has ${stage.version}: run the newer release`,
        ),
      )
    else if ((found.state ?? 0) > (wanted ?? 0))
      changes.push(
        change(
          'refuse',
          `its state has version ${found.state}, this release reads ${wanted ?? 'none'}: run the newer release`,
        ),
      )
    else if (found.state !== wanted && found.state !== null && !stage.state?.migrate)
      changes.push(
        change(
          'refuse',
          `its state has version ${found.state}, this release needs ${wanted} and has no migration`,
        ),
      )
    else if (found.version !== stage.version || found.state !== wanted)
      changes.push(
        change(
          'alter',
          `version ${found.version} to ${stage.version}${found.state === wanted ? '' : `, state ${found.state} to ${wanted} (each value migrates when it is next read)`}`,
        ),
      )
  }
  return changes
}

/**
 * Makes a data directory ready for this release. `start` creates what is missing and adds what loses nothing to
 * an empty place; whatever would alter a table that is there waits for `apply`. Refusals stop both.
 */
export async function prepare(
  stores: Stores,
  warehouse: Warehouse,
  how: { apply: boolean; lose: readonly string[] },
): Promise<Change[]> {
  const changes = await plan(stores, warehouse)
  const blocked = changes.filter(
    c =>
      c.action === 'refuse' ||
      (c.loss && !how.lose.includes(c.name)) ||
      (!how.apply && c.what === 'table' && c.action !== 'create'),
  )
  if (blocked.length > 0)
    throw new StratumError(
      'TABLE_MISMATCH',
      `This data directory is not what this release needs:\n${blocked.map(describe).join('\n')}\n\`stratum plan\` shows it, \`stratum apply\` does what loses nothing.`,
      {
        details: blocked.map(describe),
      },
    )
  const { app, log, layout, codec, options } = stores
  await warehouse.command(createDatabase(options.warehouse.database))
  for (const change of changes) for (const sql of change.sql) await warehouse.command(sql)
  await setDurability(warehouse, options.warehouse.database, app.tables, options.durability)
  await stores.keepLayout()
  for (const topic of layout.topics) await log.ensureTopic(topic)
  for (const kind of kindsOf(app)) await codec.register(kind)
  const cells = await LogTable.open<StageCell>(log, STAGES_TOPIC)
  for (const stage of app.tasks.flatMap(t => t.stages)) {
    const cell: StageCell = { version: stage.version, state: stage.state?.version ?? null }
    if (JSON.stringify(cells.rows.get(stage.name)) !== JSON.stringify(cell)) await cells.put(stage.name, cell)
  }
  return changes
}

export function describe(change: Change): string {
  const { what, name, action, loss, detail } = change
  const toType = loss ? ` (loses its data; type its name: --lose ${name})` : ''
  return `  ${what} ${name}: ${action}${toType}: ${detail}`
}
