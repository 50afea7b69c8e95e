import { didYouMean } from '../config/index.ts'
import { StratumError } from '../errors.ts'
import { LogTable } from '../log/table.ts'
import type { Change } from '../sink/plan.ts'
import { stateVersion } from '../stage/stage.ts'
import type { Warehouse } from '../store/warehouse.ts'
import { planFilledTables } from './plan-tables.ts'
import { kindsOf, type Stores } from './stores.ts'

export const STAGES_TOPIC = 'stratum.stages'

/** What of a stage is in force: its own version and that of its state. */
export interface StageCell {
  readonly version: number
  readonly state: number | null
  /** Version that was the first to run here: what the log holds was made by all since. */
  readonly first: number
}

/**
 * Everything this release would change in tables, topics, schemas and states. `lose` names tables that are to be
 * filled anew; USAGE when there is none of that name.
 */
export async function plan(
  stores: Stores,
  warehouse: Warehouse,
  lose: readonly string[] = [],
): Promise<Change[]> {
  const names = stores.app.tables.map(t => t.name)
  const unknown = lose.find(name => !names.includes(name))
  if (unknown !== undefined)
    throw new StratumError(
      'USAGE',
      `--lose ${unknown}: there is no table of that name${didYouMean(unknown, names)}; there are: ${names.join(', ')}`,
    )
  return [
    ...(await planTopics(stores)),
    ...(await planSchemas(stores)),
    ...(await planStages(stores)),
    ...(await planFilledTables(stores, warehouse, lose)),
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
    const wanted = stateVersion(stage)
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
