import { setTimeout as sleep } from 'node:timers/promises'
import { StratumError } from '../../../errors.ts'
import { type Cluster, fetchCommitted } from '../client/kafkajs.ts'
import { LazyCluster } from '../client/lazy.ts'
import { decodeFetchResponse } from '../records/fetch-response.ts'
import { faultOf, troubleOf } from './fault.ts'
import type { Fetched } from './fetched.ts'

/** One partition somebody wants to read. */
interface Wish {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly maxBytes: number
  readonly signal: AbortSignal | undefined
  readonly resolve: (fetched: Fetched) => void
  readonly reject: (error: unknown) => void
}

export type FetchWish = Omit<Wish, 'resolve' | 'reject'> & {
  /** Whether the broker may keep the answer back for a while until there is something. */
  readonly wait: boolean
}

export interface FetcherOptions {
  readonly cluster: () => Cluster
  readonly onOutage: (error: unknown, attempt: number) => void
}

/** How long a broker holds an answer back; the longest a wish waits for a free connection, too. */
const LONG_POLL_MS = 100
const LONG_POLLS = 3
/** Of one answer. The broker gives at least one batch, however large. */
const ANSWER_BYTES = 16 << 20

/**
 * Asks the brokers for what is wanted of any number of partitions, many in one request. A connection answers in the
 * order in which it is asked, so what must not wait has one of its own, and waiting is done on a few others.
 */
export class Fetcher {
  readonly #options: FetcherOptions
  readonly #quick: Lane
  readonly #slow: readonly Lane[]
  readonly #urgent: Wish[] = []
  readonly #waiting: Wish[] = []
  #scheduled = false
  #closed = false

  constructor(options: FetcherOptions) {
    this.#options = options
    this.#quick = new Lane(options.cluster, 0)
    this.#slow = Array.from({ length: LONG_POLLS }, () => new Lane(options.cluster, LONG_POLL_MS))
  }

  /**
   * What the partition holds from an offset on, however little. Outages are waited out; it rejects with
   * OFFSET_OUT_OF_RANGE, TOPIC_UNKNOWN, STORE_REFUSED, LOG_CLOSED, or when the signal aborts.
   */
  fetch({ wait, ...wish }: FetchWish): Promise<Fetched> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ ...wish, resolve, reject }, wait)
    })
  }

  #enqueue(wish: Wish, wait: boolean): void {
    if (this.#closed) return wish.reject(closed())
    if (wish.signal?.aborted) return wish.reject(wish.signal.reason)
    ;(wait ? this.#waiting : this.#urgent).push(wish)
    if (this.#scheduled) return
    this.#scheduled = true
    // Wishes of one turn travel together.
    setImmediate(() => {
      this.#scheduled = false
      this.#pump()
    })
  }

  #pump(): void {
    if (this.#urgent.length > 0 && !this.#quick.busy) this.#run(this.#quick, together(this.#urgent))
    for (const lane of this.#slow)
      if (this.#waiting.length > 0 && !lane.busy) this.#run(lane, together(this.#waiting))
  }

  #run(lane: Lane, wishes: Wish[]): void {
    lane.busy = true
    this.#ask(lane, wishes).finally(() => {
      lane.busy = false
      this.#pump()
    })
  }

  async #ask(lane: Lane, wishes: Wish[]): Promise<void> {
    let open = wishes
    for (let attempt = 1; open.length > 0; attempt++) {
      const again: Wish[] = []
      for (const wish of open) if (wish.signal?.aborted) wish.reject(wish.signal.reason)
      open = open.filter(w => !w.signal?.aborted)
      let trouble: unknown
      try {
        for (const { wish, fetched, fault } of await lane.ask(open)) {
          if (fetched) wish.resolve(fetched)
          else if (fault!.code === 'STORE_UNAVAILABLE') {
            trouble = fault
            again.push(wish)
          } else wish.reject(fault)
        }
      } catch (error) {
        trouble = troubleOf(error)
        again.push(...open)
      }
      open = again
      if (open.length === 0) return
      if (this.#closed || (trouble instanceof StratumError && trouble.code !== 'STORE_UNAVAILABLE')) {
        for (const wish of open) wish.reject(this.#closed ? closed() : trouble)
        return
      }
      // Leaders move in a moment; only what lasts is worth a word.
      if (attempt > 3) this.#options.onOutage(trouble, attempt)
      await sleep(Math.min(2_000, 20 * 2 ** Math.min(attempt, 7)))
      await lane.refresh()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const wish of [...this.#urgent.splice(0), ...this.#waiting.splice(0)]) wish.reject(closed())
    await Promise.all([this.#quick, ...this.#slow].map(lane => lane.close()))
  }
}

/** Takes out of a queue what one request can ask: of each partition one place, for all who want that. */
function together(queue: Wish[]): Wish[] {
  const places = new Map<string, number>()
  const taken: Wish[] = []
  const left: Wish[] = []
  for (const wish of queue) {
    const name = `${wish.topic}/${wish.partition}`
    const from = places.get(name) ?? wish.from
    places.set(name, from)
    ;(from === wish.from ? taken : left).push(wish)
  }
  queue.splice(0, queue.length, ...left)
  return taken
}

const closed = () => new StratumError('LOG_CLOSED', 'The event log is closed.')

interface Answer {
  readonly wish: Wish
  readonly fetched?: Fetched
  readonly fault?: StratumError
}

/** One connection to each broker, used for one request after the other. */
class Lane {
  busy = false
  readonly #cluster: LazyCluster
  readonly #waitMs: number
  readonly #topics = new Set<string>()
  readonly #leaders = new Map<string, string>()
  #turn = 0

  constructor(make: () => Cluster, waitMs: number) {
    this.#cluster = new LazyCluster(make)
    this.#waitMs = waitMs
  }

  async ask(wishes: readonly Wish[]): Promise<Answer[]> {
    const cluster = await this.#cluster.get()
    const unknown = [...new Set(wishes.map(w => w.topic))].filter(t => !this.#topics.has(t))
    if (unknown.length > 0) {
      await cluster.addMultipleTargetTopics(unknown)
      for (const topic of unknown) this.#topics.add(topic)
    }
    // A topic that has grown is known already, as it was.
    if (wishes.some(w => this.#leader(cluster, w) === null)) await cluster.refreshMetadata()
    const byLeader = new Map<string, Wish[]>()
    const answers: Answer[] = []
    for (const wish of wishes) {
      const leader = this.#leader(cluster, wish)
      if (leader === null) answers.push({ wish, fault: faultOf(3, wish) })
      else if (leader === '-1') answers.push({ wish, fault: faultOf(5, wish) })
      else byLeader.set(leader, [...(byLeader.get(leader) ?? []), wish])
    }
    for (const more of await Promise.all(
      [...byLeader].map(([leader, own]) => this.#askBroker(cluster, leader, own)),
    ))
      answers.push(...more)
    return answers
  }

  async #askBroker(cluster: Cluster, nodeId: string, wishes: readonly Wish[]): Promise<Answer[]> {
    const broker = await cluster.findBroker({ nodeId })
    if (!broker.isConnected()) await broker.connect()
    const places = new Map(wishes.map(w => [`${w.topic}/${w.partition}`, w]))
    // A broker fills its answer in the order of the request: each partition comes first in turn.
    const first = this.#turn++ % places.size
    const turned = [...places.values()].slice(first).concat([...places.values()].slice(0, first))
    const request = fetchCommitted({
      maxWaitTime: this.#waitMs,
      minBytes: 1,
      maxBytes: ANSWER_BYTES,
      topics: turned.map(w => ({
        topic: w.topic,
        partitions: [{ partition: w.partition, fetchOffset: w.from, maxBytes: w.maxBytes }],
      })),
    })
    const response = {
      decode: async (body: Buffer) => decodeFetchResponse(body),
      parse: async (decoded: ReturnType<typeof decodeFetchResponse>) => decoded,
    }
    const answer = await broker.connectionPool.send({ request, response })
    const found = new Map(answer.partitions.map(p => [`${p.topic}/${p.partition}`, p]))
    return wishes.map(wish => {
      const part = found.get(`${wish.topic}/${wish.partition}`)
      const code = answer.errorCode || (part?.errorCode ?? 5)
      if (!part || code !== 0) return { wish, fault: faultOf(code, wish) }
      return { wish, fetched: { ...part, from: wish.from } }
    })
  }

  #leader(cluster: Cluster, { topic, partition }: Wish): string | null {
    const name = `${topic}/${partition}`
    const known = this.#leaders.get(name)
    if (known !== undefined) return known
    const found = cluster.findTopicPartitionMetadata(topic).find(p => p.partitionId === partition)
    if (!found) return null
    const leader = String(found.leader)
    if (leader !== '-1') this.#leaders.set(name, leader)
    return leader
  }

  async refresh(): Promise<void> {
    this.#leaders.clear()
    try {
      await (await this.#cluster.get()).refreshMetadata()
    } catch {
      // The next request says what is wrong.
    }
  }

  close(): Promise<void> {
    return this.#cluster.close()
  }
}
