import { setTimeout as sleep } from 'node:timers/promises'

/** Below the time in which a transaction gathers: an event waits for half of it. */
const PACE_MS = 80

/**
 * Who has read a partition to its end comes back for the next records not at once but with the next beat: a stream
 * that never pauses is read in pieces worth their price, all partitions of a process in one request. Where nothing
 * comes, the broker is asked and answers with the first record there is.
 */
export class Pace {
  readonly #ends = new Map<string, number>()
  readonly #beatMs: number

  constructor(beatMs = PACE_MS) {
    this.#beatMs = beatMs
  }

  /** Records were read up to there, and there were more or not. */
  seen(topic: string, partition: number, atEnd: boolean): void {
    const name = `${topic}/${partition}`
    if (atEnd) this.#ends.set(name, performance.now())
    else this.#ends.delete(name)
  }

  /** Resolves when the partition may be asked again. */
  async next(topic: string, partition: number, signal: AbortSignal | undefined): Promise<void> {
    const end = this.#ends.get(`${topic}/${partition}`)
    if (end === undefined) return
    const left = Math.ceil(end / this.#beatMs) * this.#beatMs - performance.now()
    if (left > 0) await sleep(Math.ceil(left), undefined, { signal })
  }
}
