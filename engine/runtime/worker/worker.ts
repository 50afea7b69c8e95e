import { setTimeout as sleep } from 'node:timers/promises'
import { isOutage, StratumError } from '../../errors.ts'
import type { KafkaLog } from '../../log/kafka/log.ts'
import { troubleOf } from '../../log/kafka/read/fault.ts'
import { isClogged, poolSize } from '../../log/kafka/write/rdkafka.ts'
import { topicName } from '../../stage/layout.ts'
import { makeCutting } from '../engine.ts'
import { followTables } from '../follow.ts'
import { GROUPS_TOPIC } from '../open-log.ts'
import { PartitionGroup } from '../partition-group.ts'
import { prepare } from '../prepare.ts'
import type { Stores } from '../stores.ts'
import { tickLive } from '../ticking.ts'
import { Work } from '../work.ts'
import { shard } from './deal.ts'
import { Member } from './member.ts'

export interface WorkerOptions {
  readonly stores: Stores
  /** Groups dealt out by hand: number `index` (from 0) of so many workers. Left out: whoever is there shares them. */
  readonly shard?: { readonly index: number; readonly of: number } | undefined
  readonly sessionMs?: number | undefined
  /** Who has group 0 tells live tenants the time so often; left out: this worker never does. Milliseconds. */
  readonly tickMs?: number | undefined
  readonly tell: (event: WorkerEvent) => void
}

export type WorkerEvent =
  | { readonly what: 'dealt'; readonly groups: readonly number[] }
  | { readonly what: 'opened' | 'closed'; readonly group: number; readonly ms: number }
  | { readonly what: 'lost'; readonly group: number; readonly error: unknown }
  | { readonly what: 'trouble'; readonly error: unknown }
  /** Exactly once holds only as long as no broker dies, and why. */
  | { readonly what: 'weak'; readonly cluster: string }

/** What another owner or a broker's death brings: the group is begun anew when it is dealt anew. */
const PASSING = new Set(['WRITER_FENCED', 'WRITER_LOST', 'STORE_UNAVAILABLE'])

/** A worker that stops leaves the others after so long, whatever is still to be closed. Milliseconds. */
const LEAVE_MS = 3_000

/** The group whose owner tells the time. */
const TICKING = 0

/** Runs the groups it is dealt, as one of any number of processes. */
export class Worker extends Work {
  readonly #o: WorkerOptions
  readonly #open = new Map<number, PartitionGroup>()
  #wanted: readonly number[] = []
  /** What is done with each group, one step after the other: a slow one holds up no other. */
  readonly #turns = new Map<number, Promise<void>>()
  #member: Member | null = null
  #stopped = false
  #losses = 0
  #build!: (group: number) => Promise<PartitionGroup>
  #close!: () => Promise<void>
  #ticker: AbortController | null = null
  #ticking: Promise<void> = Promise.resolve()
  readonly #stop = new AbortController()
  #following: Promise<void> = Promise.resolve()

  constructor(options: WorkerOptions) {
    super(options.stores)
    this.#o = options
  }

  /** Groups it runs at the moment. */
  get groups(): readonly number[] {
    return [...this.#open.keys()].sort((a, b) => a - b)
  }

  async start(): Promise<void> {
    const { stores, shard: own } = this.#o
    for (const what of await (stores.log as KafkaLog).fit()) this.#o.tell({ what: 'weak', cluster: what })
    const warehouse = await stores.warehouse()
    await prepare(stores, warehouse, { apply: false, lose: [] })
    this.#following = followTables(stores, this.#stop.signal).catch(error => this.fail(error))
    const cutting = makeCutting(stores)
    const { groups } = stores
    const { hurry } = this
    this.#build = group => PartitionGroup.open({ stores, warehouse, cutting, group, groups, hurry })
    this.#close = () => cutting.close()
    if (own) return this.#deal(shard(groups, own.index, own.of))
    this.#member = new Member({
      clients: (stores.log as KafkaLog).clients,
      topic: GROUPS_TOPIC,
      consumerGroup: topicName('workers'),
      groups,
      held: () => this.groups,
      onDealt: dealt => void this.#deal(dealt),
      onTrouble: error => this.#o.tell({ what: 'trouble', error: troubleOf(error) }),
      sessionMs: this.#o.sessionMs,
    })
    await this.#member.join()
  }

  /** Brings what runs to what was dealt last: the latest deal counts, one step after the other. */
  #deal(groups: readonly number[]): Promise<void> {
    this.#wanted = groups
    this.#o.tell({ what: 'dealt', groups })
    return this.#settle()
  }

  async #settle(): Promise<void> {
    const concerned = new Set([...this.#wanted, ...this.#open.keys(), ...this.#turns.keys()])
    await Promise.all([...concerned].map(group => this.#next(group, () => this.#step(group))))
  }

  #next(group: number, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(group) ?? Promise.resolve()).catch(() => {}).then(work)
    this.#turns.set(group, turn)
    return turn.finally(() => {
      if (this.#turns.get(group) === turn) this.#turns.delete(group)
    })
  }

  /** Brings one group to what was dealt last. */
  async #step(group: number): Promise<void> {
    const wanted = !this.#stopped && this.#wanted.includes(group)
    if (!wanted) return this.#open.has(group) ? this.#shut(group) : undefined
    if (this.#open.has(group)) return
    const begun = performance.now()
    try {
      const own = await this.#build(group)
      this.#open.set(group, own)
      if (group === TICKING) this.#tick()
      own.failure.catch(error => this.#lost(own, error))
      this.#o.tell({ what: 'opened', group, ms: performance.now() - begun })
    } catch (error) {
      this.#missed(group, error)
    }
  }

  async #shut(group: number): Promise<void> {
    const begun = performance.now()
    const own = this.#open.get(group)
    this.#open.delete(group)
    if (group === TICKING) {
      this.#ticker?.abort()
      await this.#ticking
    }
    await own?.stop()
    this.#o.tell({ what: 'closed', group, ms: performance.now() - begun })
  }

  #tick(): void {
    const { stores, tickMs } = this.#o
    if (tickMs === undefined) return
    this.#ticker = new AbortController()
    const { signal } = this.#ticker
    this.#ticking = tickLive(stores, { everyMs: tickMs, signal }).catch(error => this.fail(error))
  }

  #lost(own: PartitionGroup, error: unknown): void {
    if (this.#open.get(own.group) !== own) return
    if (own.group === TICKING) this.#ticker?.abort()
    this.#open.delete(own.group)
    own.stop(0).catch(() => {})
    this.#missed(own.group, error)
  }

  #missed(group: number, error: unknown): void {
    if (this.#stopped) return
    this.#o.tell({ what: 'lost', group, error })
    if (isClogged())
      return this.fail(
        new StratumError(
          'WRITER_LOST',
          `librdkafka does not come back from half of the ${poolSize()} threads of this process (UV_THREADPOOL_SIZE): start it again. Nothing is lost`,
        ),
      )
    const passes = isOutage(error) || (error instanceof StratumError && PASSING.has(error.code))
    if (!passes) return this.fail(error)
    void this.#again()
  }

  /** Several groups are mostly lost by one cause: they come back together. */
  async #again(): Promise<void> {
    if (this.#losses++ > 0) return
    await sleep(1_000)
    this.#losses = 0
    // Who is no member any more is dealt groups anew when it has joined; who is one has what it was dealt.
    if (this.#member) await this.#member.confirmed()
    if (!this.#stopped) await this.#settle()
  }

  /** Commits what is in hand and leaves; the others need not wait for a time-out. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#stop.abort()
    await this.#following
    const shut = this.#settle()
    // Who waits for these groups does not wait for one that hangs: whoever gets it fences it.
    await Promise.race([shut, sleep(LEAVE_MS)])
    await this.#member?.leave()
    await shut
    await this.#ticking
    await this.#close?.()
  }
}
