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

/** Which topics there are, how many partitions each has, and where a fold's records go. */
export class Layout {
  readonly topics: readonly TopicSpec[]
  readonly #counts = new Map<string, number>()
  readonly #bases = new Map<string, number>()

  constructor(app: Application, counts: PartitionCounts, retention: (topic: string) => number | undefined) {
    for (const source of app.sources) this.#counts.set(`raw.${source.id}`, counts.raw)
    for (const t of app.topics.filter(t => t.route === 'key'))
      this.#counts.set(t.name, counts[t.name as keyof PartitionCounts] ?? counts.facts)
    for (const t of app.topics.filter(t => t.route === 'input')) {
      let base = 0
      const feed = (writer: string, partitions: number) => {
        this.#bases.set(`${writer}>${t.name}`, base)
        base += partitions
      }
      if (t.name === DEAD_LETTERS)
        for (const source of app.sources) feed(`${CONNECT}:${rawTopic(source.id)}`, counts.raw)
      for (const task of app.tasks)
        if (t.name === DEAD_LETTERS || task.emits?.includes(t.name))
          for (const input of this.inputs(app, task)) feed(`${task.name}:${input}`, this.partitions(input))
      this.#counts.set(t.name, Math.max(base, 1))
    }
    this.topics = [...this.#counts].map(([short, partitions]) => ({
      name: topicName(short),
      partitions,
      cleanup: app.topics.find(t => t.name === short)?.cleanup ?? 'delete',
      retentionMs: retention(short),
    }))
  }

  /** Full names of the topics a task reads. */
  inputs(app: Application, task: Task): string[] {
    return task.from === 'raw' ? app.sources.map(s => rawTopic(s.id)) : [topicName(task.from)]
  }

  partitions(topic: string): number {
    return this.#counts.get(topic.replace(/^stratum\./, ''))!
  }

  /** Partition of an output record. `writer` is `<task>:<input topic>`, `input` its partition. */
  route(writer: string, input: number, topic: string, key: string): number {
    const base = this.#bases.get(`${writer}>${topic}`)
    return base === undefined ? partitionOf(key, this.#counts.get(topic)!) : base + input
  }
}
