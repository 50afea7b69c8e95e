import type { EventLog } from '../log/port.ts'
import { sinkGroup } from '../sink/inserter.ts'
import { taskGroup } from '../stage/fold.ts'
import { topicName } from '../stage/layout.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Stores } from './stores.ts'

/** How far one reader is behind on one partition. */
export interface Lag {
  readonly kind: 'task' | 'table'
  readonly reader: string
  readonly topic: string
  readonly partition: number
  readonly position: number
  readonly end: number
  /** Offsets still to read (gaps count: exact only at 0). */
  readonly lag: number
  readonly paused: boolean
}

/**
 * Lag of every task and table, in the order in which data flows: when all are 0 in one pass, nothing is under way.
 * Of topics that no engine has made yet there is none.
 */
export async function lagOf(stores: Pick<Stores, 'app' | 'layout' | 'log' | 'gates'>): Promise<Lag[]> {
  const { app, layout, log, gates } = stores
  const there = new Map((await log.topics()).map(t => [t.name, t.partitions]))
  const readers = [
    ...app.tasks.flatMap(task =>
      layout.inputs(app, task).map(topic => ({
        kind: 'task' as const,
        reader: task.name,
        group: taskGroup(task.name),
        topic,
        paused: task.stages.some(s => gates.paused('stage', s.name)),
      })),
    ),
    ...app.tables.map(table => ({
      kind: 'table' as const,
      reader: table.name,
      group: sinkGroup(table.name),
      topic: topicName(table.from.topic),
      paused: gates.paused('stage', table.name),
    })),
  ]
  const rows: Lag[] = []
  for (const { kind, reader, group, topic, paused } of readers)
    for (let partition = 0; partition < (there.get(topic) ?? 0); partition++) {
      const { start, end } = await log.bounds(topic, partition)
      const position = (await log.position(group, topic, partition)) ?? start
      rows.push({ kind, reader, topic, partition, position, end, lag: end - position, paused })
    }
  return rows
}

/** Age of the oldest record a reader has yet to read, in seconds; 0 when there is none. `now`: UTC microseconds. */
export async function lagSeconds(log: EventLog, at: Lag, now: number): Promise<number> {
  if (at.lag === 0) return 0
  const batch = await log.read(at.topic, at.partition, at.position, { maxRecords: 1 })
  const oldest = batch?.records[0]
  return oldest ? Math.max(0, now - oldest.time) / 1e6 : 0
}

/** Brings the lag gauges up to date. `now`: UTC microseconds. */
export async function measureLag(stores: Stores, metrics: Metrics, now: number): Promise<void> {
  for (const row of await lagOf(stores)) {
    const labels = { task: row.reader, topic: row.topic, partition: String(row.partition) }
    metrics.lagRecords.set(labels, row.lag)
    metrics.lagSeconds.set(labels, await lagSeconds(stores.log, row, now))
  }
}
