import { setTimeout as sleep } from 'node:timers/promises'
import { isOutage, messageOf, StratumError } from '../../../errors.ts'
import type { CommitUnit, LogWriter } from '../../port.ts'
import type { Changelog } from '../state/changelogs.ts'
import { encodeOffsets, offsetsKey, type Position, stateEntryKey, storePrefix } from '../state/entry.ts'
import { checkUnit } from './check.ts'
import { fenced } from './compare.ts'
import { Door, Entry } from './door.ts'
import { mergeState } from './merge.ts'
import { Partitions } from './partitions.ts'
import { payload, produceRecords } from './produce.ts'
import { CALL_MS, call, type RdError, refusalOf, unavailable } from './rdkafka.ts'
import { Reach } from './reach.ts'
import type { WriterOptions } from './writer-options.ts'

/** Nothing came for so long: there is nothing more to wait for. */
const IDLE_MS = 4
/** More than this is committed before its time. */
const FULL_BYTES = 64 << 20
/**
 * How long one step of a transaction is tried. The broker has given the transaction up long before
 * (TRANSACTION_TIMEOUT_MS), and a producer that does not get over that is of no use any more: a new one settles it.
 */
const GIVE_UP_MS = 45_000
/** How long a closing waits for a broker that is away: what is then open the next owner settles. */
const CLOSE_MS = 10_000

/**
 * Commits units in Kafka transactions, as many together as come within a short time. A transaction is always open
 * already; a unit goes into it whole, in one synchronous step. Changes of state go to a changelog in the same
 * transaction and, only when it is committed, into the local cache.
 */
export class KafkaWriter implements LogWriter {
  readonly group: string
  readonly window = 32
  readonly #o: WriterOptions
  readonly #positions = new Map<string, Position>()
  readonly #partitions: Partitions
  readonly #door: Door
  readonly #entries = new WeakMap<Promise<void>, Entry>()
  readonly #reach: Reach
  #seq: number
  /** The last transaction is its own, and said so in the changelog. */
  #wrote = false
  #queue: Entry[] = []
  /** Units of the open transaction. */
  #taken: Entry[] = []
  #bytes = 0
  /** The producer took a part of what is taken: the transaction must not be committed. */
  #refused: RdError | null = null
  #phase: 'opening' | 'open' | 'committing' | 'lost' | 'closed' = 'opening'
  #lost: StratumError | null = null
  #latest: NodeJS.Timeout | null = null
  #idle: NodeJS.Timeout | null = null
  #work: Promise<void> = Promise.resolve()
  /** Until then an outage is waited out. */
  #until = Number.POSITIVE_INFINITY

  constructor(options: WriterOptions) {
    this.group = options.name
    this.#o = options
    this.#seq = options.seq
    this.#reach = new Reach(() => options.end(options.changelogOf(options.name)))
    this.#partitions = new Partitions(options)
    this.#door = new Door({
      check: unit => {
        this.#mustWrite()
        checkUnit(unit)
      },
      ready: unit => this.#partitions.isReady(unit),
      prepare: unit => this.#partitions.prepare(unit, () => this.#mustWrite()),
      admit: entry => this.#admit(entry),
    })
    for (const p of options.positions) this.#positions.set(`${p.group}\0${p.topic}\0${p.partition}`, p)
  }

  async open(): Promise<void> {
    await this.#begin()
  }

  /** Whether it may still be the one that writes for its group. */
  get alive(): boolean {
    return this.#phase !== 'lost' && this.#phase !== 'closed'
  }

  get closed(): boolean {
    return this.#phase === 'closed'
  }

  position(group: string, topic: string, partition: number): number | null {
    return this.#positions.get(`${group}\0${topic}\0${partition}`)?.next ?? null
  }

  commit(unit: CommitUnit, before?: Promise<void>): Promise<void> {
    const entry = new Entry(unit, before && this.#entries.get(before))
    this.#entries.set(entry.done, entry)
    this.#door.enter(entry)
    return entry.done
  }

  #mustWrite(): void {
    if (this.#lost) throw this.#lost
    if (this.#phase === 'closed')
      throw new StratumError('LOG_CLOSED', `The event log is closed: ${this.group} can write no more.`)
  }

  #admit(entry: Entry): void {
    this.#mustWrite()
    this.#queue.push(entry)
    if (this.#phase === 'open') this.#take()
  }

  /** Puts what is waiting into the open transaction. */
  #take(): void {
    for (const entry of this.#queue.splice(0)) {
      this.#taken.push(entry)
      if (this.#refused === null) this.#produce(entry.unit)
    }
    if (this.#taken.length === 0) return
    if (this.#bytes > FULL_BYTES || this.#refused !== null) return this.#flush()
    this.#latest ??= setTimeout(() => this.#flush(), this.#o.commitMs)
    if (this.#idle) this.#idle.refresh()
    else this.#idle = setTimeout(() => this.#flush(), IDLE_MS)
  }

  #produce(unit: CommitUnit): void {
    try {
      this.#partitions.use(unit)
      this.#bytes += produceRecords(this.#o.producer, unit)
    } catch (error) {
      this.#refused = error as RdError
    }
  }

  #flush(): void {
    if (this.#phase !== 'open') return
    if (this.#latest) clearTimeout(this.#latest)
    if (this.#idle) clearTimeout(this.#idle)
    this.#latest = this.#idle = null
    this.#phase = 'committing'
    this.#work = this.#commitTaken().catch(error => this.#lose(error))
  }

  async #commitTaken(): Promise<void> {
    const begun = performance.now()
    const entries = this.#taken
    const units = entries.map(e => e.unit)
    let shared: readonly Changelog[] = []
    for (let attempt = 1; ; attempt++) {
      const seq = this.#seq + 1
      const positions = new Map(this.#positions)
      for (const unit of units)
        for (const p of unit.positions ?? []) positions.set(`${p.group}\0${p.topic}\0${p.partition}`, p)
      try {
        if (this.#refused) throw this.#refused
        const state = this.#produceState(units, seq, positions)
        await this.#sendOffsets(units)
        await this.#commitTransaction()
        this.#apply(state, seq)
        shared = [...state.keys()].filter(changelog => changelog.sole !== this.group)
        // Where nothing went to the changelog, there is no such number in it.
        if (state.size > 0) {
          this.#seq = seq
          this.#wrote = true
        }
        for (const [name, p] of positions) this.#positions.set(name, p)
        break
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal) throw refusal
        // A producer that is of no use any more says so when it is to abort.
        const again = (error as RdError).isTxnRequiresAbort || error === this.#refused
        if (error instanceof StratumError || !again || this.#isLate()) throw error
        // Nothing was written, and the units are as they were: they go into the next transaction.
        this.#o.onOutage(unavailable(error), attempt)
        await this.#retry(done => this.#o.producer.abortTransaction(CALL_MS, done))
        await this.#mustBeThere()
        await sleep(Math.min(5_000, 50 * 2 ** Math.min(attempt, 7)))
        await this.#retry(done => this.#o.producer.beginTransaction(done))
        this.#refused = null
        for (const unit of units) this.#produce(unit)
      }
    }
    this.#taken = []
    this.#bytes = 0
    // It is committed, whatever comes now.
    await this.#o.committed().catch(error => this.#o.onOutage(error, 1))
    for (const changelog of shared) await this.#follow(changelog)
    for (const entry of entries) entry.resolve()
    this.#o.onCommit?.((performance.now() - begun) / 1000, units.length)
    if ((this.#phase as string) !== 'closed') await this.#begin()
  }

  async #begin(): Promise<void> {
    await this.#retry(done => this.#o.producer.beginTransaction(done))
    this.#phase = 'open'
    this.#take()
  }

  /**
   * Some brokers acknowledge a transaction, do not end it on a partition that has no leader at that moment, and undo
   * it there with the next one that is undone (KAFKA-20734). What comes after it would then be written as if it were
   * there. Whoever takes over goes on from what is.
   */
  async #mustBeThere(): Promise<void> {
    if (!this.#wrote) return
    const { changelogOf, last, name, life } = this.#o
    const there = await last(changelogOf(name)).catch(error => {
      throw new Error(messageOf(error), { cause: error })
    })
    if (there?.seq !== this.#seq || there.life !== life)
      throw new Error(`transaction ${this.#seq}, which was acknowledged, cannot be read`)
  }

  /** Changes of state and what has been read, into the changelogs. */
  #produceState(
    units: readonly CommitUnit[],
    seq: number,
    positions: ReadonlyMap<string, Position>,
  ): Map<Changelog, [string, Buffer, Buffer | null][]> {
    const { changelogOf, cache, name } = this.#o
    const parts = units.flatMap(u => u.state ?? [])
    const applied = new Map<string, { changelog: Changelog; changes: [string, Buffer, Buffer | null][] }>()
    const slot = (changelog: Changelog) => {
      const key = `${changelog.topic}/${changelog.partition}`
      const found = applied.get(key) ?? { changelog, changes: [] }
      applied.set(key, found)
      return found.changes
    }
    const merged = mergeState(parts, store => cache(changelogOf(store)).reader(store))
    for (const [store, changes] of merged) {
      if (changes.length === 0) continue
      const changelog = changelogOf(store)
      const into = slot(changelog)
      const prefix = storePrefix(store)
      for (const { key, value } of changes) {
        into.push([store, key, value])
        this.#send(changelog, payload(value), stateEntryKey(prefix, key))
      }
    }
    if (merged.size > 0 || units.some(u => u.positions?.length)) {
      const changelog = changelogOf(name)
      slot(changelog)
      const value = encodeOffsets({ seq, life: this.#o.life, positions: [...positions.values()] })
      this.#send(changelog, value, offsetsKey(name))
    }
    return new Map([...applied.values()].map(a => [a.changelog, a.changes]))
  }

  #send({ topic, partition }: Changelog, value: Buffer | null, key: Buffer): void {
    try {
      this.#o.producer.produce(topic, partition, value, key, Date.now())
    } catch (error) {
      this.#refused = error as RdError
      throw error
    }
  }

  #apply(state: Map<Changelog, [string, Buffer, Buffer | null][]>, seq: number): void {
    for (const [changelog, changes] of state) {
      const sole = changelog.sole === this.group
      const mark = sole ? { seq, life: this.#o.life, ...this.#reach.take() } : {}
      const ok = this.#o.cache(changelog).apply(changes, mark, sole ? this.#seq : undefined)
      if (!ok) throw fenced(this.group)
    }
  }

  /**
   * What several write is read back, in the order in which it lies there: whoever is just reading what was there
   * before would undo in the cache what was applied meanwhile. It is committed, so nothing here may refuse it.
   */
  async #follow(changelog: Changelog): Promise<void> {
    for (let attempt = 1; ; attempt++)
      try {
        await this.#o.follow(changelog)
        return
      } catch (error) {
        this.#o.onOutage(error, attempt)
        if (!isOutage(error) || this.#isLate()) return
        await sleep(Math.min(5_000, 50 * 2 ** Math.min(attempt, 7)))
      }
  }

  /** For ordinary tools: the truth is in the changelog. */
  async #sendOffsets(units: readonly CommitUnit[]): Promise<void> {
    const groups = new Map<string, Map<string, { topic: string; partition: number; offset: number }>>()
    for (const { group, topic, partition, next } of units.flatMap(u => u.positions ?? [])) {
      const of = groups.get(group) ?? new Map()
      groups.set(group, of)
      of.set(`${topic}/${partition}`, { topic, partition, offset: next })
    }
    for (const [group, offsets] of groups) {
      const carrier = await this.#o.carrier(group)
      await this.#retry(done =>
        this.#o.producer.sendOffsetsToTransaction([...offsets.values()], carrier, CALL_MS, done),
      )
    }
  }

  /** librdkafka asks to be called again where it ran out of time: the outcome is then still open. */
  #commitTransaction(): Promise<void> {
    return this.#retry(done => this.#o.producer.commitTransaction(CALL_MS, done))
  }

  async #retry(work: (done: (error?: RdError | null) => void) => void): Promise<void> {
    const giveUp = performance.now() + (this.#o.giveUpMs ?? GIVE_UP_MS)
    for (let attempt = 1; ; attempt++)
      try {
        return await call(work)
      } catch (error) {
        const { isRetriable, isFatal, isTxnRequiresAbort } = error as RdError
        if (!isRetriable || isFatal || isTxnRequiresAbort || this.#isLate()) throw error
        if (performance.now() > giveUp) throw error
        this.#o.onOutage(unavailable(error), attempt)
        await sleep(Math.min(1_000, 20 * attempt))
      }
  }

  #lose(error: unknown): void {
    const cause = error as RdError
    const gone = FENCED.has(cause.code)
    this.#lost =
      error instanceof StratumError
        ? error
        : gone
          ? fenced(this.group, error)
          : new StratumError(
              'WRITER_LOST',
              `The transaction of ${this.group} failed and its outcome is not known (${messageOf(error)}): it is settled when the group is taken over again.`,
              { cause: error },
            )
    this.#phase = 'lost'
    for (const entry of [...this.#taken.splice(0), ...this.#queue.splice(0)]) entry.reject(this.#lost)
  }

  #isLate(): boolean {
    return performance.now() > this.#until
  }

  /** Commits what is in hand, and lets go. */
  async close(): Promise<void> {
    this.#until = Math.min(this.#until, performance.now() + CLOSE_MS)
    for (;;) {
      if (this.#phase === 'open' && this.#taken.length > 0) this.#flush()
      if (this.#phase !== 'committing') break
      await this.#work
    }
    if (this.#phase === 'closed') return
    const usable = this.#phase === 'open'
    this.#phase = 'closed'
    if (usable) await call(done => this.#o.producer.abortTransaction(5_000, done), 5_000).catch(() => {})
    await call(done => this.#o.producer.disconnect(5_000, done), 5_000).catch(() => {})
  }
}

/** _FENCED, INVALID_PRODUCER_EPOCH, PRODUCER_FENCED */
const FENCED = new Set([-144, 47, 90])
