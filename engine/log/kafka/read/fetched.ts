import type { decodeFetchResponse } from '../records/fetch-response.ts'

type Partition = ReturnType<typeof decodeFetchResponse>['partitions'][number]

/** What a broker answered for one partition, from an offset on. */
export type Fetched = Partition & { readonly from: number }

/** Of answers that are kept for whoever reads the same next. */
const KEPT_BYTES = 32 << 20

/**
 * The last answer for each partition: a task and several tables read the same records, a wait finds what the next
 * read wants. What was used least lately goes first.
 */
export class FetchedCache {
  readonly #held = new Map<string, { fetched: Fetched; next: number }>()
  #bytes = 0

  /** The answer that holds records at or after `from`, or undefined. */
  get(topic: string, partition: number, from: number): Fetched | undefined {
    const name = `${topic}/${partition}`
    const held = this.#held.get(name)
    if (!held || from < held.fetched.from || from >= held.next) return undefined
    this.#held.delete(name)
    this.#held.set(name, held)
    return held.fetched
  }

  /** `next`: where its last whole batch ends. */
  put(fetched: Fetched, next: number): void {
    const name = `${fetched.topic}/${fetched.partition}`
    this.#drop(name)
    if (next <= fetched.from) return
    this.#held.set(name, { fetched, next })
    this.#bytes += fetched.records.length
    for (const oldest of this.#held.keys()) {
      if (this.#bytes <= KEPT_BYTES) break
      this.#drop(oldest)
    }
  }

  #drop(name: string): void {
    const held = this.#held.get(name)
    if (!held) return
    this.#held.delete(name)
    this.#bytes -= held.fetched.records.length
  }
}
