import { rawKindName } from '../source/raw.ts'
import { DEAD_LETTERS, Layout, type PartitionCounts, rawTopic, topicName } from '../stage/layout.ts'
import type { Application } from '../stage/topology.ts'

/** An application as it is wired: who reads and writes what. Topics by their full names. */
export interface Wiring {
  readonly connectors: readonly {
    readonly id: string
    readonly version: string
    readonly topic: string
    readonly streams: readonly { readonly name: string; readonly kind: string | null }[]
  }[]
  /** In the order in which data flows. */
  readonly tasks: readonly {
    readonly name: string
    readonly reads: readonly string[]
    readonly stages: readonly {
      readonly name: string
      readonly version: number
      /** Kinds of records it has handlers for, or adds up in windows. */
      readonly on: readonly string[]
      /** Version of its keyed state; null for none. */
      readonly state: number | null
    }[]
    readonly writes: readonly string[]
  }[]
  readonly topics: readonly {
    readonly name: string
    readonly partitions: number
    /** What decides a record's partition: its key, or the input it follows from. */
    readonly route: 'key' | 'input'
    readonly cleanup: 'delete' | 'compact'
    readonly kinds: readonly string[]
    readonly written_by: readonly string[]
    readonly read_by: readonly string[]
  }[]
  readonly tables: readonly {
    readonly name: string
    readonly topic: string
    readonly kind: string
    readonly views: readonly string[]
  }[]
}

export function wiringOf(app: Application, counts: PartitionCounts): Wiring {
  const layout = new Layout(app, counts, () => undefined)
  const connectors = app.sources.map(({ id, version, streams }) => ({
    id,
    version,
    topic: rawTopic(id),
    streams: streams.map(({ name, kind }) => ({ name, kind })),
  }))
  const tasks = app.tasks.map(task => ({
    name: task.name,
    reads: layout.inputs(app, task),
    stages: task.stages.map(({ name, version, on, windows, state }) => ({
      name,
      version,
      on: unique([...Object.keys(on), ...Object.keys(windows?.on ?? {})]),
      state: state?.version ?? null,
    })),
    writes: unique([...(task.to === undefined ? [] : [task.to]), ...(task.emits ?? []), DEAD_LETTERS]).map(
      topicName,
    ),
  }))
  const tables = app.tables.map(({ name, from, views }) => ({
    name,
    topic: topicName(from.topic),
    kind: from.kind,
    views: (views ?? []).map(view => view.name),
  }))
  const topics = layout.topics.map(({ name, partitions, cleanup }) => {
    const declared = app.topics.find(t => topicName(t.name) === name)
    const feeders = connectors.filter(c => c.topic === name || name === topicName(DEAD_LETTERS))
    const raw = app.sources.filter(s => rawTopic(s.id) === name)
    return {
      name,
      partitions,
      route: declared?.route ?? ('key' as const),
      cleanup,
      kinds: declared
        ? declared.kinds.map(k => k.name)
        : raw.flatMap(s => ['sync', ...s.streams.map(stream => rawKindName(s.id, stream.name))]),
      written_by: [
        ...feeders.map(c => `connector ${c.id}`),
        ...tasks.filter(t => t.writes.includes(name)).map(t => `task ${t.name}`),
        ...(declared?.writtenBy === undefined ? [] : [declared.writtenBy]),
      ],
      read_by: [
        ...tasks.filter(t => t.reads.includes(name)).map(t => `task ${t.name}`),
        ...tables.filter(t => t.topic === name).map(t => `table ${t.name}`),
      ],
    }
  })
  return { connectors, tasks, topics, tables }
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]
