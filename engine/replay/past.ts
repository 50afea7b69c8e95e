import { Codec } from '../codec/codec.ts'
import { ConfluentRegistry } from '../codec/registry/confluent.ts'
import { EmbeddedRegistry } from '../codec/registry/embedded.ts'
import type { SchemaRegistry } from '../codec/registry/port.ts'
import { StratumError } from '../errors.ts'
import { LmdbLog } from '../log/lmdb/log.ts'
import type { EventLog } from '../log/port.ts'
import { LogTable } from '../log/table.ts'
import { openLog } from '../runtime/open-log.ts'
import type { EngineOptions } from '../runtime/options.ts'
import { STAGES_TOPIC, type StageCell } from '../runtime/plan.ts'
import { kindsOf, LAYOUT_TOPIC } from '../runtime/stores.ts'
import { Layout } from '../stage/layout.ts'
import type { Application, Task } from '../stage/topology.ts'

/** What has been written, to be read: nothing can be changed through it. */
export interface Past {
  readonly log: PastLog
  readonly codec: Codec
  readonly layout: Layout
  /** Stages of a task that have run here in another version, the first of them. */
  changedStages(task: Task): { readonly stage: string; readonly first: number; readonly version: number }[]
  close(): Promise<void>
}

export type PastLog = Pick<EventLog, 'topics' | 'bounds' | 'read' | 'position'>

/**
 * Opens the log beside whoever owns it: a replay runs in its own process and with its own release, while the engine
 * goes on with the one it has. `scratch`: a folder for caches.
 *
 * @throws NOT_FOUND: no engine has written there · TOPIC_MISMATCH: its topics have other partitions
 */
export async function openPast(app: Application, options: EngineOptions, scratch: string): Promise<Past> {
  let layout: Layout | undefined
  const log = onlyRead(
    options.kafka
      ? await openLog(app, { ...options, dataDir: scratch }, () => layout!)
      : new LmdbLog(options.dataDir, { readOnly: true }),
  )
  let registry: SchemaRegistry | undefined
  try {
    const { rows } = await LogTable.open<number>(log, LAYOUT_TOPIC)
    layout = new Layout(app, options.partitions, options.retentionMs, rows)
    await refuseOthers(log, layout)
    registry = options.registry
      ? await ConfluentRegistry.open(log, options.registry)
      : await EmbeddedRegistry.open(log)
    const codec = new Codec(await beside(registry))
    for (const kind of kindsOf(app)) await codec.register(kind)
    const { rows: cells } = await LogTable.open<StageCell>(log, STAGES_TOPIC)
    const opened = registry
    return {
      log,
      codec,
      layout,
      changedStages: task =>
        task.stages.flatMap(({ name: stage, version }) => {
          const first = cells.get(stage)?.first
          return first === undefined || first === version ? [] : [{ stage, first, version }]
        }),
      async close() {
        await opened.close()
        await log.close()
      },
    }
  } catch (error) {
    await registry?.close()
    await log.close()
    throw error
  }
}

/** The log, refusing to be changed. */
function onlyRead(log: EventLog): EventLog {
  const refuse = async (): Promise<never> => {
    throw new StratumError('LOG_CLOSED', 'A replay only reads the event log.')
  }
  return {
    async ensureTopic({ name }) {
      if ((await log.topics()).some(t => t.name === name)) return
      throw new StratumError(
        'NOT_FOUND',
        `the event log has no topic ${name}: no engine has written to it yet, so there is nothing to replay`,
      )
    },
    topics: () => log.topics(),
    bounds: (topic, partition) => log.bounds(topic, partition),
    read: (topic, partition, from, limit) => log.read(topic, partition, from, limit),
    wait: (topic, partition, from, signal) => log.wait(topic, partition, from, signal),
    position: (group, topic, partition) => log.position(group, topic, partition),
    state: store => log.state(store),
    writer: refuse,
    clean: refuse,
    close: () => log.close(),
  }
}

/** Keys would go to other partitions than those of the log. */
async function refuseOthers(log: EventLog, layout: Layout): Promise<void> {
  const there = new Map((await log.topics()).map(t => [t.name, t.partitions]))
  for (const { name, partitions, growable } of layout.topics) {
    const found = there.get(name)
    if (found === undefined || found === partitions || (growable && found < partitions)) continue
    throw new StratumError(
      'TOPIC_MISMATCH',
      `${name} has ${found} partitions in the log, and ${partitions} by these settings: replay with the settings it was written with (log.partitions).`,
    )
  }
}

/** The schemas there are, and those of this release that are not there yet: these are registered nowhere. */
async function beside(there: SchemaRegistry): Promise<SchemaRegistry> {
  const known = (await there.subjects()).flatMap(({ subject, versions }) =>
    versions.map(version => ({ subject, ...version })),
  )
  const own = EmbeddedRegistry.inMemory(known)
  return {
    register: (subject, schema) => own.register(subject, schema),
    compare: (subject, schema) => own.compare(subject, schema),
    has: id => own.has(id) || there.has(id),
    byId: id => (own.has(id) ? own.byId(id) : there.byId(id)),
    // An engine that runs on may meet and register others.
    learn: ids => there.learn(ids.filter(id => !own.has(id))),
    get entries() {
      return own.entries
    },
    subjects: () => own.subjects(),
    warnings: async () => [],
    follow: async () => {},
    close: async () => {},
  }
}
