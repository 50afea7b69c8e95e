import { sinkGroup } from '../sink/inserter.ts'
import { taskGroup } from '../stage/fold.ts'
import { topicName } from '../stage/layout.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Stores } from './stores.ts'

/** How far one reader is behind on one partition. */
export interface Lag {
  readonly reader: string
  readonly topic: string
  readonly partition: number
  readonly position: number
  readonly end: number
  /** Offsets still to read (gaps count: exact only at 0). */
  readonly lag: number
  readonly paused: boolean
}

/** Lag of every task and table, in the order in which data flows: when all are 0 in one pass, nothing is under way. */
export async function lagOf(stores: Pick<Stores, 'app' | 'layout' | 'log' | 'gates'>): Promise<Lag[]> {
  const { app, layout, log, gates } = stores
  const readers = [
    ...app.tasks.flatMap(task =>
      layout.inputs(app, task).map(topic => ({
        reader: task.name,
        group: taskGroup(task.name),
        topic,
        paused: task.stages.some(s => gates.paused('stage', s.name)),
      })),
    ),
    ...app.tables.map(table => ({
      reader: table.name,
      group: sinkGroup(table.name),
      topic: topicName(table.from.topic),
      paused: gates.paused('stage', table.name),
    })),
  ]
  const rows: Lag[] = []
  for (const { reader, group, topic, paused } of readers)
    for (let partition = 0; partition < layout.partitions(topic); partition++) {
      const { start, end } = await log.bounds(topic, partition)
      const position = (await log.position(group, topic, partition)) ?? start
      rows.push({ reader, topic, partition, position, end, lag: end - position, paused })
    }
  return rows
}

/** Brings the lag gauges up to date. `now`: UTC microseconds. */
export async function measureLag(stores: Stores, metrics: Metrics, now: number): Promise<void> {
  for (const { reader, topic, partition, position, lag } of await lagOf(stores)) {
    const labels = { task: reader, topic, partition: String(partition) }
    const [oldest] =
      lag === 0 ? [] : ((await stores.log.read(topic, partition, position, { maxRecords: 1 }))?.records ?? [])
    metrics.lagRecords.set(labels, lag)
    metrics.lagSeconds.set(labels, oldest ? Math.max(0, now - oldest.time) / 1e6 : 0)
  }
}
