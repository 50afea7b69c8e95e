import { setTimeout as sleep } from 'node:timers/promises'
import { isOutage, StratumError } from '../errors.ts'
import type { CommitUnit, EventLog, LogWriter } from './port.ts'

/** Tries of a change while other processes change the same table. */
const TRIES = 12

export type Rows<V> = ReadonlyMap<string, V>

/** Rows to write; null removes one. */
export type RowChanges<V> = Iterable<readonly [string, V | null]>

/**
 * A small table kept as a compacted topic: read whole at the start, every change a record. Any number of processes
 * may read and change it.
 */
export class LogTable<V> {
  readonly #topic: string
  readonly #log: EventLog
  readonly #rows = new Map<string, V>()
  /** Opened at the first change, since that takes the table away from whoever was changing it. */
  #writer: LogWriter | null = null
  #at = 0
  /** Batches of rows taken in. */
  #taken = 0
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(topic: string, log: EventLog) {
    this.#topic = topic
    this.#log = log
  }

  static async open<V>(log: EventLog, topic: string): Promise<LogTable<V>> {
    await log.ensureTopic({ name: topic, partitions: 1, cleanup: 'compact' })
    const table = new LogTable<V>(topic, log)
    table.#at = (await log.bounds(topic, 0)).start
    await table.refresh()
    return table
  }

  /** Takes in what others have written since. */
  async refresh(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const from = this.#at
      const batch = await this.#log.read(this.#topic, 0, from, signal && { signal })
      if (!batch) return
      // Somebody else has taken it in meanwhile, and perhaps what came after it.
      if (this.#at !== from) continue
      for (const { key, value } of batch.records)
        if (value === null) this.#rows.delete(key.toString())
        else this.#rows.set(key.toString(), JSON.parse(value.toString()) as V)
      this.#at = batch.next
      this.#taken++
    }
  }

  get rows(): Rows<V> {
    return this.#rows
  }

  /** null removes the row. `also` is committed in the same unit, more than once where it is not known to be. */
  async put(key: string, value: V | null, time = 0, also: CommitUnit = {}): Promise<void> {
    await this.putAll([[key, value]], time, also)
  }

  /** Rows that mean something only together: all are there, or none. */
  async putAll(rows: RowChanges<V>, time = 0, also: CommitUnit = {}): Promise<void> {
    const all = [...rows]
    await this.change(
      () => all,
      time,
      () => also,
    )
  }

  /**
   * Writes what `decide` makes of the rows that are in force, in one commit with `also`, which is asked after it.
   * When another process changes the table at the same time, both are asked again with what it wrote: they may not
   * rely on having been asked before. No rows: nothing is written. What `decide` throws ends it.
   *
   * @throws STORE_UNAVAILABLE when other processes leave no moment for it
   */
  change(
    decide: (rows: Rows<V>) => RowChanges<V>,
    time = 0,
    also: () => CommitUnit = () => ({}),
  ): Promise<void> {
    // One after the other: their writer is the same, which is not told of a change beside its own.
    const changed = this.#turn.then(() => this.#change(decide, time, also))
    this.#turn = changed.catch(() => {})
    return changed
  }

  async #change(
    decide: (rows: Rows<V>) => RowChanges<V>,
    time: number,
    also: () => CommitUnit,
  ): Promise<void> {
    for (let attempt = 1; ; ) {
      await this.refresh()
      const records = Array.from(decide(this.#rows), ([key, value]) => {
        const bytes = value === null ? null : Buffer.from(JSON.stringify(value))
        return { key: Buffer.from(key), value: bytes, time }
      })
      if (records.length === 0) return
      if (this.#writer === null) {
        this.#writer = await this.#log.writer(`table.${this.#topic}`)
        // Only from here on can nobody else change a row unnoticed.
        continue
      }
      const own = { topic: this.#topic, partition: 0, records }
      const unit = also()
      try {
        await this.#writer.commit({ ...unit, appends: [...(unit.appends ?? []), own] })
      } catch (error) {
        if (!takenOver(error)) throw error
        this.#writer.close().catch(() => {})
        this.#writer = null
        if (attempt === TRIES) throw busy(this.#topic, error)
        // Two that take the table from one another at the same pace would never come to an end.
        await sleep(Math.random() * Math.min(1_000, 10 * 2 ** attempt))
        attempt++
        continue
      }
      return await this.refresh()
    }
  }

  /**
   * Keeps the rows as other processes write them, until the signal aborts; outages are waited out. `onChange` is
   * called after rows have come, this process's own as well.
   */
  async follow(signal: AbortSignal, onChange: () => void = () => {}): Promise<void> {
    let seen = this.#taken
    for (let failed = 0; !signal.aborted; )
      try {
        await this.#log.wait(this.#topic, 0, this.#at, signal)
        await this.refresh(signal)
        failed = 0
        if (this.#taken === seen) continue
        seen = this.#taken
        onChange()
      } catch (error) {
        if (signal.aborted) return
        if (!isOutage(error)) throw error
        await sleep(Math.min(5_000, 100 * 2 ** failed++), undefined, { signal }).catch(() => {})
      }
  }
}

/** Another process has the table now. A commit whose outcome is not known is settled by taking it back. */
export const takenOver = (error: unknown) =>
  error instanceof StratumError && (error.code === 'WRITER_FENCED' || error.code === 'WRITER_LOST')

const busy = (topic: string, cause: unknown) =>
  new StratumError(
    'STORE_UNAVAILABLE',
    `${topic} could not be changed: other processes changed it each of ${TRIES} times it was tried. Try again.`,
    { cause },
  )
