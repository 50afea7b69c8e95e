import { join } from 'node:path'
import type { Changelog } from '../log/kafka/state/changelogs.ts'
import { LmdbLog } from '../log/lmdb/log.ts'
import type { EventLog } from '../log/port.ts'
import { sinkGroup } from '../sink/inserter.ts'
import { taskGroup } from '../stage/fold.ts'
import { type Layout, topicName } from '../stage/layout.ts'
import type { Application } from '../stage/topology.ts'
import type { EngineOptions } from './options.ts'

/** State of tasks and sinks, a partition a group. */
export const STATE_TOPIC = topicName('state')
/** State of connections and of whoever has no group. */
const CELLS_TOPIC = topicName('cells')
/** Holds nothing: a partition a group, dealt out among the workers. */
export const GROUPS_TOPIC = topicName('groups')
const DAY_MS = 86_400_000

/** Groups of partitions: on Kafka a fixed number, in one process one. */
export const groupsOf = ({ kafka }: EngineOptions): number => kafka?.groups ?? 1

/** The event log the options ask for. `layout` is known only when the log has been read. */
export async function openLog(
  app: Application,
  options: EngineOptions,
  layout: () => Layout,
): Promise<EventLog> {
  const { kafka, observer } = options
  if (!kafka) return new LmdbLog(options.dataDir, { durability: options.durability })
  // Its clients are not small: who has no Kafka loads none.
  const { KafkaLog } = await import('../log/kafka/log.ts')
  const { groups } = kafka
  const cells = { topic: CELLS_TOPIC, partition: 0 }
  const state = Array.from({ length: groups }, (_, partition) => ({
    topic: STATE_TOPIC,
    partition,
    sole: `group/${partition}`,
  }))
  const log = await KafkaLog.open({
    kafka: kafka.connection,
    dir: join(options.dataDir, 'kafka'),
    namespace: topicName(''),
    topics: { replication: kafka.replication, minInsync: kafka.minInsync, tombstonesMs: DAY_MS },
    changelogOf: name => {
      const group = groupOf(app, layout, groups, name)
      return group === null ? cells : (state[group] as Changelog)
    },
    load: [cells, ...(kafka.loadState ? state : [])],
    consumerGroup: group => topicName(group.startsWith('task.') ? 'tasks' : group),
    unseen: writer => writer.startsWith('group/') || writer === 'ticker',
    placesOf: writer => placesOf(app, layout(), groups, writer),
    commitMs: kafka.commitMs,
    compression: kafka.compression,
    onOutage: (error, attempt) => observer.outage('Kafka', error, attempt),
    onRestored: observer.restored,
    onCommit: (_, seconds) => observer.commit('group', seconds),
  })
  try {
    await log.ensureTopic({ name: STATE_TOPIC, partitions: groups, cleanup: 'compact' })
    await log.ensureTopic({ name: GROUPS_TOPIC, partitions: groups, cleanup: 'delete' })
    return log
  } catch (error) {
    await log.close()
    throw error
  }
}

/** What a group's tasks and sinks read. */
function placesOf(app: Application, layout: Layout, groups: number, writer: string) {
  const group = Number(writer.split('/')[1])
  const readers = [
    ...app.tasks.flatMap(task =>
      layout.inputs(app, task).map(topic => ({ group: taskGroup(task.name), topic })),
    ),
    ...app.tables.map(({ name, from }) => ({ group: sinkGroup(name), topic: topicName(from.topic) })),
  ]
  return readers.flatMap(({ group: reader, topic }) =>
    Array.from({ length: layout.partitions(topic) }, (_, partition) => ({
      group: reader,
      topic,
      partition,
    })).filter(p => layout.groupOf(topic, p.partition, groups) === group),
  )
}

/** The group that owns a store or writer by its name, or null: `group/g`, `task/topic/partition`, `sink.table/partition`. */
function groupOf(app: Application, layout: () => Layout, groups: number, name: string): number | null {
  const parts = name.split('/')
  const partition = Number(parts[parts.length - 1])
  if (parts[0] === 'group') return partition
  const table = parts[0]!.startsWith('sink.') && app.tables.find(t => `sink.${t.name}` === parts[0])
  if (table) return layout().groupOf(topicName(table.from.topic), partition, groups)
  if (parts.length !== 3 || !app.tasks.some(t => t.name === parts[0])) return null
  return layout().groupOf(parts[1]!, partition, groups)
}
