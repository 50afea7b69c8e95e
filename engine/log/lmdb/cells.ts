import { StratumError } from '../../errors.ts'
import type { TopicSpec } from '../port.ts'
import type { LogEnv } from './env.ts'

interface TopicCell {
  readonly id: number
  readonly spec: TopicSpec
}

const grows = (from: TopicSpec, to: TopicSpec) => to.growable === true && to.partitions > from.partitions

/** The small facts beside the frames: which topics there are, where they begin and end, who may write. */
export class Cells {
  readonly #env: LogEnv
  readonly #topics = new Map<string, TopicCell>()
  readonly #stores = new Map<string, number>()

  constructor(env: LogEnv) {
    this.#env = env
  }

  topic(name: string): TopicCell {
    const known = this.#topics.get(name) ?? (this.#env.meta.get(`topic/${name}`) as TopicCell | undefined)
    if (!known)
      throw new StratumError(
        'TOPIC_UNKNOWN',
        `There is no topic ${name}. \`stratum topics\` lists what there is.`,
      )
    this.#topics.set(name, known)
    return known
  }

  partition(name: string, partition: number): TopicCell {
    const cell = this.topic(name)
    if (!Number.isInteger(partition) || partition < 0 || partition >= cell.spec.partitions)
      throw new StratumError(
        'TOPIC_UNKNOWN',
        `${name} has ${cell.spec.partitions} partitions, there is no partition ${partition}.`,
      )
    return cell
  }

  specs(): TopicSpec[] {
    const cells = this.#env.meta.getRange({ start: 'topic/', end: 'topic0' })
    return Array.from(cells, ({ value }) => (value as TopicCell).spec)
  }

  create(spec: TopicSpec): void {
    const { meta, root } = this.#env
    root.transactionSync(() => {
      const existing = meta.get(`topic/${spec.name}`) as TopicCell | undefined
      if (existing) {
        for (const field of ['partitions', 'cleanup'] as const)
          if (existing.spec[field] !== spec[field] && !(field === 'partitions' && grows(existing.spec, spec)))
            throw new StratumError(
              'TOPIC_MISMATCH',
              `Topic ${spec.name}: ${field} is ${existing.spec[field]}, this release needs ${spec[field]}. Keys would move to other partitions: keep the old value, or read the sources again into a new data directory.`,
            )
        meta.putSync(`topic/${spec.name}`, { id: existing.id, spec })
        this.#topics.set(spec.name, { id: existing.id, spec })
        return
      }
      const id = ((meta.get('next/topic') as number | undefined) ?? 1) as number
      meta.putSync('next/topic', id + 1)
      meta.putSync(`topic/${spec.name}`, { id, spec })
    })
  }

  bound(edge: 'start' | 'end', id: number, partition: number): number {
    return (this.#env.meta.get(`${edge}/${id}/${partition}`) as number | undefined) ?? 0
  }

  setBound(edge: 'start' | 'end', id: number, partition: number, offset: number): void {
    this.#env.meta.putSync(`${edge}/${id}/${partition}`, offset)
  }

  position(group: string, topic: string, partition: number): number | null {
    return (this.#env.meta.get(`pos/${topic}/${partition}/${group}`) as number | undefined) ?? null
  }

  setPosition(group: string, topic: string, partition: number, next: number): void {
    this.#env.meta.putSync(`pos/${topic}/${partition}/${group}`, next)
  }

  /** The lowest position any group holds on a partition, or null where no group reads it. */
  lowestPosition(topic: string, partition: number): number | null {
    let lowest: number | null = null
    const prefix = `pos/${topic}/${partition}/`
    for (const { value } of this.#env.meta.getRange({ start: prefix, end: `${prefix}\uffff` }))
      lowest = Math.min(lowest ?? Number.POSITIVE_INFINITY, value as number)
    return lowest
  }

  store(name: string, create: boolean): number | undefined {
    const known = this.#stores.get(name) ?? (this.#env.meta.get(`store/${name}`) as number | undefined)
    if (known !== undefined) {
      this.#stores.set(name, known)
      return known
    }
    if (!create) return undefined
    const id = (this.#env.meta.get('next/store') as number | undefined) ?? 1
    this.#env.meta.putSync('next/store', id + 1)
    this.#env.meta.putSync(`store/${name}`, id)
    return id
  }

  /** After a transaction that was undone: what was looked up within it may never have been. */
  forget(): void {
    this.#topics.clear()
    this.#stores.clear()
  }

  epoch(group: string): number {
    return (this.#env.meta.get(`fence/${group}`) as number | undefined) ?? 0
  }

  raiseEpoch(group: string): number {
    return this.#env.root.transactionSync(() => {
      const epoch = this.epoch(group) + 1
      this.#env.meta.putSync(`fence/${group}`, epoch)
      return epoch
    })
  }
}
