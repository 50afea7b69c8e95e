import { join } from 'node:path'
import type { EventLog, StateReader } from '../../port.ts'
import { StateCache } from './cache.ts'
import type { OffsetRecord } from './entry.ts'
import { type Restored, restore } from './restore.ts'

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

  constructor(log: Pick<EventLog, 'read' | 'bounds'>, options: ChangelogsOptions) {
    this.#log = log
    this.#o = options
  }

  of(name: string): Changelog {
    return this.#o.of(name)
  }

  cache({ topic, partition }: Changelog): StateCache {
    const name = `${topic}-${partition}`
    let cache = this.#caches.get(name)
    if (!cache) {
      cache = new StateCache(join(this.#o.dir, `${name}.lmdb`))
      this.#caches.set(name, cache)
    }
    return cache
  }

  /** Brings the cache of a changelog up to date. What writers of it have committed is in the answer. */
  async restore(changelog: Changelog): Promise<ReadonlyMap<string, OffsetRecord>> {
    const { cluster, tombstonesMs, now, onRestored } = this.#o
    const begun = performance.now()
    const { topic, partition, sole } = changelog
    const cache = this.cache(changelog)
    const restored = await restore({
      log: this.#log,
      topic,
      partition,
      cache,
      cluster: cluster(),
      tombstonesMs,
      sole,
      now: now(),
    })
    onRestored?.(changelog, restored, performance.now() - begun)
    return restored.offsets
  }

  reader(store: string): StateReader {
    return this.cache(this.#o.of(store)).reader(store)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#caches.values()].map(c => c.close()))
    this.#caches.clear()
  }
}
