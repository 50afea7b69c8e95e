import { partitionOf } from '../log/partition.ts'
import type { TopicSpec } from '../log/port.ts'
import type { Application, Task } from './topology.ts'

export interface PartitionCounts {
  readonly raw: number
  readonly facts: number
  readonly persons: number
}

/** The log's own namespace. */
export const topicName = (short: string): string => `stratum.${short}`
export const rawTopic = (source: string): string => topicName(`raw.${source}`)
export const DEAD_LETTERS = 'deadletters'
/** The writer of raw topics: it feeds the dead letters too. */
export const CONNECT = 'connect'

/** Where the partitions of a writing fold begin in a topic, by `writer>topic`. Kept: a later release adds, never moves. */
export type Bases = ReadonlyMap<string, number>

/** Which topics there are, how many partitions each has, and where a fold's records go. */
export class Layout {
  readonly topics: readonly TopicSpec[]
  readonly bases: Bases
  readonly #counts = new Map<string, number>()
  readonly #known = new Map<string, Map<string, number | undefined>>()

  constructor(
    app: Application,
    counts: PartitionCounts,
    retention: (topic: string) => number | undefined,
    known: Bases = new Map(),
  ) {
    const bases = new Map(known)
    for (const source of app.sources) this.#counts.set(`raw.${source.id}`, counts.raw)
    for (const t of app.topics.filter(t => t.route === 'key'))
      this.#counts.set(t.name, counts[t.name as keyof PartitionCounts] ?? counts.facts)
    for (const t of app.topics.filter(t => t.route === 'input')) {
      let end = bases.get(t.name) ?? 0
      const feed = (writer: string, partitions: number) => {
        const name = `${writer}>${t.name}`
        if (bases.has(name)) return
        bases.set(name, end)
        end += partitions
      }
      if (t.name === DEAD_LETTERS)
        for (const source of app.sources) feed(`${CONNECT}:${rawTopic(source.id)}`, counts.raw)
      for (const task of app.tasks)
        if (t.name === DEAD_LETTERS || task.emits?.includes(t.name))
          for (const input of this.inputs(app, task)) feed(`${task.name}:${input}`, this.partitions(input))
      // Under the topic's own name: how many are dealt out.
      bases.set(t.name, end)
      this.#counts.set(t.name, Math.max(end, 1))
    }
    this.bases = bases
    this.topics = [...this.#counts].map(([short, partitions]) => {
      const topic = app.topics.find(t => t.name === short)
      return {
        name: topicName(short),
        partitions,
        cleanup: topic?.cleanup ?? 'delete',
        growable: topic?.route === 'input',
        // What a compacted topic keeps is its last word of each key, however old.
        retentionMs: topic?.cleanup === 'compact' ? undefined : retention(short),
      }
    })
  }

  /** Full names of the topics a task reads. */
  inputs(app: Application, task: Task): string[] {
    return task.from === 'raw' ? app.sources.map(s => rawTopic(s.id)) : [topicName(task.from)]
  }

  partitions(topic: string): number {
    return this.#counts.get(topic.replace(/^stratum\./, ''))!
  }

  /** Every partition with its topic, in the order of the layout. */
  *all(): Generator<{ topic: string; partition: number }> {
    for (const { name, partitions } of this.topics)
      for (let partition = 0; partition < partitions; partition++) yield { topic: name, partition }
  }

  /**
   * The group of a partition, of so many: those of one number go together, and results with the input they come
   * from, so that a fold, what it writes and the tables filled from that have one owner.
   */
  groupOf(topic: string, partition: number, groups: number): number {
    const short = topic.replace(/^stratum\./, '')
    let feed = -1
    for (const [name, base] of this.bases) {
      const at = name.lastIndexOf('>')
      if (at >= 0 && name.slice(at + 1) === short && base <= partition) feed = Math.max(feed, base)
    }
    return (feed < 0 ? partition : partition - feed) % groups
  }

  /** Partition of an output record. `writer` is `<task>:<input topic>`, `input` its partition. */
  route(writer: string, input: number, topic: string, key: string | Buffer): number {
    const base = this.#base(writer, topic)
    return base === undefined ? partitionOf(key, this.#counts.get(topic)!) : base + input
  }

  /** Asked for every record: names are put together once. */
  #base(writer: string, topic: string): number | undefined {
    let known = this.#known.get(writer)
    if (!known) {
      known = new Map()
      this.#known.set(writer, known)
    }
    if (!known.has(topic)) known.set(topic, this.bases.get(`${writer}>${topic}`))
    return known.get(topic)
  }
}
