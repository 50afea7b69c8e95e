import type { CommitUnit, EventLog, LogWriter } from './port.ts'

/** A small table kept as a compacted topic: read whole at the start, every change a record. */
export class LogTable<V> {
  readonly #topic: string
  readonly #log: EventLog
  readonly #writer: LogWriter
  readonly #rows = new Map<string, V>()
  #at = 0

  private constructor(topic: string, log: EventLog, writer: LogWriter) {
    this.#topic = topic
    this.#log = log
    this.#writer = writer
  }

  static async open<V>(log: EventLog, topic: string): Promise<LogTable<V>> {
    await log.ensureTopic({ name: topic, partitions: 1, cleanup: 'compact' })
    const table = new LogTable<V>(topic, log, await log.writer(`table.${topic}`))
    table.#at = (await log.bounds(topic, 0)).start
    await table.refresh()
    return table
  }

  /** Takes in what others have written since. */
  async refresh(): Promise<void> {
    for (;;) {
      const batch = await this.#log.read(this.#topic, 0, this.#at)
      if (!batch) return
      for (const { key, value } of batch.records)
        if (value === null) this.#rows.delete(key.toString())
        else this.#rows.set(key.toString(), JSON.parse(value.toString()) as V)
      this.#at = batch.next
    }
  }

  get rows(): ReadonlyMap<string, V> {
    return this.#rows
  }

  /** null removes the row. `also` is committed in the same unit. */
  async put(key: string, value: V | null, time = 0, also: CommitUnit = {}): Promise<void> {
    await this.putAll([[key, value]], time, also)
  }

  /** Rows that mean something only together: all are there, or none. */
  async putAll(rows: Iterable<readonly [string, V | null]>, time = 0, also: CommitUnit = {}): Promise<void> {
    const records = Array.from(rows, ([key, value]) => {
      const bytes = value === null ? null : Buffer.from(JSON.stringify(value))
      return { key: Buffer.from(key), value: bytes, time }
    })
    if (records.length === 0) return
    const own = { topic: this.#topic, partition: 0, records }
    await this.#writer.commit({ ...also, appends: [...(also.appends ?? []), own] })
    await this.refresh()
  }
}
