import { join } from 'node:path'
import type { EventLog, StateReader } from '../../port.ts'
import { StateCache } from './cache.ts'
import type { OffsetRecord } from './entry.ts'
import { lastOffsets, type Restored, restore } from './restore.ts'

/** Where the state of a store is kept for good. */
export interface Changelog {
  readonly topic: string
  readonly partition: number
  /** The only writer there is of that partition; none where several share it. */
  readonly sole?: string | undefined
}

export interface ChangelogsOptions {
  readonly dir: string
  readonly cluster: () => string
  readonly tombstonesMs: number
  /** By name of a store, or of a writer: its positions are kept with its state. */
  readonly of: (name: string) => Changelog
  readonly now: () => number
  readonly onRestored?: ((changelog: Changelog, restored: Restored, ms: number) => void) | undefined
}

/** The changelogs this process has to do with, each with its cache. */
export class Changelogs {
  readonly #o: ChangelogsOptions
  readonly #log: Pick<EventLog, 'read' | 'bounds'>
  readonly #caches = new Map<string, StateCache>()
  readonly #turns = new Map<string, Promise<unknown>>()
  /** Those this process has read. */
  readonly #read = new Set<string>()
  /** Followings that have not begun. */
  readonly #next = new Map<string, Promise<unknown>>()

  constructor(log: Pick<EventLog, 'read' | 'bounds'>, options: ChangelogsOptions) {
    this.#log = log
    this.#o = options
  }

  of(name: string): Changelog {
    return this.#o.of(name)
  }

  cache(changelog: Changelog): StateCache {
    const name = nameOf(changelog)
    let cache = this.#caches.get(name)
    if (!cache) {
      cache = new StateCache(join(this.#o.dir, `${name}.lmdb`))
      this.#caches.set(name, cache)
    }
    return cache
  }

  /** Brings the cache of a changelog up to date. What writers of it have committed is in the answer. */
  async restore(changelog: Changelog): Promise<ReadonlyMap<string, OffsetRecord>> {
    const begun = performance.now()
    const restored = await this.#alone(changelog, () => this.#restore(changelog))
    this.#o.onRestored?.(changelog, restored, performance.now() - begun)
    return restored.offsets
  }

  /** The last transaction of a writer that can be read; null where there is none. The cache is left as it is. */
  async last({ topic, partition }: Changelog, writer: string): Promise<OffsetRecord | null> {
    const { start, end } = await this.#log.bounds(topic, partition)
    return lastOffsets({ log: this.#log, topic, partition }, writer, start, end)
  }

  /** Takes in what can be read of a changelog by now. Those who ask before it begins share one reading. */
  follow(changelog: Changelog): Promise<unknown> {
    const name = nameOf(changelog)
    const waiting = this.#next.get(name)
    if (waiting) return waiting
    const next = this.#alone(changelog, () => {
      this.#next.delete(name)
      return this.#restore(changelog)
    })
    this.#next.set(name, next)
    return next
  }

  /** One after the other: a reading that began earlier would bring back what has been changed since. */
  #alone<T>(changelog: Changelog, work: () => Promise<T>): Promise<T> {
    const name = nameOf(changelog)
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(work, work)
    this.#turns.set(name, turn)
    return turn
  }

  #restore(changelog: Changelog): Promise<Restored> {
    const { cluster, tombstonesMs, now } = this.#o
    const { topic, partition, sole } = changelog
    const cache = this.cache(changelog)
    const log = this.#log
    // Of one with several writers nothing says whether it is the topic that the cache was made from.
    const name = nameOf(changelog)
    const anew = sole === undefined && !this.#read.has(name)
    const options = { log, topic, partition, cache, cluster: cluster(), tombstonesMs, sole, now: now(), anew }
    return restore(options).then(restored => {
      this.#read.add(name)
      return restored
    })
  }

  reader(store: string): StateReader {
    return this.cache(this.#o.of(store)).reader(store)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#caches.values()].map(c => c.close()))
    this.#caches.clear()
  }
}

const nameOf = ({ topic, partition }: Changelog): string => `${topic}-${partition}`
