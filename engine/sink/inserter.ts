import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reader } from '../codec/codec.ts'
import { isOutage, StratumError } from '../errors.ts'
import type { EventLog, LogRecord, LogWriter, StoredRecord } from '../log/port.ts'
import type { Warehouse } from '../store/warehouse.ts'
import type { Cut, Cutting, Refused } from './cut.ts'
import { roleOf } from './row.ts'
import type { TableSpec } from './table.ts'

export interface InserterOptions {
  readonly table: TableSpec
  readonly database: string
  readonly topic: string
  readonly partition: number
  /** Versions of everything that shapes the rows (`Generations.token`). */
  readonly generation: string
  /** Offsets of this partition whose records have been replayed: see `roleOf`. */
  readonly replaced: ReadonlySet<number>
  readonly log: EventLog
  readonly writer: LogWriter
  readonly warehouse: Warehouse
  readonly cutting: Cutting
  readonly reader: Reader
  /** A second owner may still be inserting (network): then the same bytes and token go first. */
  readonly shared: boolean
  readonly deadLetter: (
    record: StoredRecord,
    reason: string,
  ) => { topic: string; partition: number; records: LogRecord[] }
  readonly onRows?: (rows: number) => void
  readonly onOutage?: (error: unknown, attempt: number) => void
  readonly signal: AbortSignal
}

export const sinkGroup = (table: string) => `sink.${table}`
export const sinkStore = (table: string, partition: number) => `sink.${table}/${partition}`
/** Where the open cut of a sink's partition stands in its store. */
export const CUT = Buffer.from('cut')

/** The open cut as it stands in the log: what a restart has to settle. */
export interface OpenCut {
  readonly from: number
  readonly to: number
  readonly generation: string
  /** How often missing rows were inserted: each time needs a token of its own. */
  readonly repairs: number
}

/** The cut of a partition that is begun and not closed, or null. */
export function openCut(log: EventLog, table: string, partition: number): OpenCut | null {
  const bytes = log.state(sinkStore(table, partition)).get(CUT)
  return bytes ? (JSON.parse(bytes.toString()) as OpenCut) : null
}

/**
 * Inserts cuts exactly once. The cut is committed to the log before its rows are sent, and closed after. When the
 * outcome is unknown (a crash, a time-out) a token proves nothing: a store that died between its deduplication log
 * and the part acknowledges the repeat and has lost the rows. So the offsets are read back, what is missing is
 * inserted under a new token, and the cut is closed only when all are there.
 */
export class Inserter extends Writable {
  readonly #o: InserterOptions

  constructor(options: InserterOptions) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#o = options
  }

  get #store(): string {
    return sinkStore(this.#o.table.name, this.#o.partition)
  }

  /** Settles what a crash left open. Returns the position to read on from. */
  async recover(): Promise<number> {
    const { log, topic, partition, table } = this.#o
    const open = openCut(log, table.name, partition)
    if (open) {
      const cut = await this.#reread(open.from, open.to)
      await this.#settle(cut, open, { resend: this.#o.shared, apart: false })
    }
    return (
      (await log.position(sinkGroup(table.name), topic, partition)) ??
      (await log.bounds(topic, partition)).start
    )
  }

  override _write(cut: Cut, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#insert(cut).then(() => done(), done)
  }

  async #insert(cut: Cut): Promise<void> {
    if (cut.rows === 0) return this.#close(cut)
    const open: OpenCut = { from: cut.from, to: cut.to, generation: this.#o.generation, repairs: 0 }
    await this.#commit({ state: [this.#cell(open)] })
    try {
      await this.#send(cut, this.#token(open))
    } catch (error) {
      const apart = aboutValues(error)
      if (!apart && !isOutage(error)) throw error
      if (!apart) this.#o.onOutage?.(error, 1)
      return this.#settle(cut, open, { resend: this.#o.shared && !apart, apart })
    }
    this.#o.onRows?.(cut.rows)
    await this.#close(cut)
  }

  /**
   * Reads back, completes, closes; tries again while the store is away. `resend`: the same bytes and token go first.
   * `apart`: the store has refused values, so rows are sent in ever smaller parts until it is known which.
   */
  async #settle(
    cut: Cut,
    open: OpenCut,
    { resend, apart }: { resend: boolean; apart: boolean },
  ): Promise<void> {
    const refused = [...cut.refused]
    let heard = 0
    for (let attempt = 1; ; attempt++) {
      try {
        if (resend) await this.#send(cut, this.#token(open))
        const missing = await this.#missing(cut, refused)
        if (missing.length === 0) break
        if (heard > 1) await this.#unkept(missing.length, heard)
        open = { ...open, repairs: open.repairs + 1 }
        await this.#commit({ state: [this.#cell(open)] })
        await this.#complete(open, missing, apart ? refused : null)
        heard++
      } catch (error) {
        if (aboutValues(error) && !apart) {
          // All of them in one would only be refused again.
          apart = true
          resend = false
          continue
        }
        if (!isOutage(error)) throw error
        this.#o.onOutage?.(error, attempt)
        await pause(attempt, this.#o.signal)
      }
    }
    await this.#close({ ...cut, refused })
  }

  /** A store that acknowledges rows and does not have them is told of, and not asked without end in one breath. */
  async #unkept(rows: number, attempt: number): Promise<void> {
    const { table, onOutage, signal } = this.#o
    const why = `ClickHouse acknowledges rows of ${table.name} and does not have them: ${rows} are missing`
    onOutage?.(new StratumError('STORE_UNAVAILABLE', why), attempt)
    await pause(attempt, signal)
  }

  /** Inserts some rows of the open cut. With `bad`, refused ones are found by halving, and noted there. */
  async #complete(open: OpenCut, offsets: readonly number[], bad: Refused[] | null): Promise<void> {
    const rest = await this.#reread(open.from, open.to, new Set(offsets))
    const part = bad ? `:d${offsets[0]}-${offsets[offsets.length - 1]}` : ''
    try {
      await this.#send(rest, `${this.#token(open)}:r${open.repairs}${part}`)
      this.#o.onRows?.(rest.rows)
    } catch (error) {
      if (!bad || !aboutValues(error)) throw error
      if (offsets.length === 1) return void bad.push({ offset: offsets[0]!, reason: error.message })
      const half = offsets.length >> 1
      await this.#complete(open, offsets.slice(0, half), bad)
      await this.#complete(open, offsets.slice(half), bad)
    }
  }

  async #close(cut: Cut): Promise<void> {
    const { table, topic, partition, deadLetter } = this.#o
    const appends = []
    for (const { offset, reason } of cut.refused)
      for await (const record of this.#records(offset, offset)) appends.push(deadLetter(record, reason))
    await this.#commit({
      appends,
      state: [{ store: this.#store, changes: [{ key: CUT, value: null }] }],
      positions: [{ group: sinkGroup(table.name), topic, partition, next: cut.to + 1 }],
    })
  }

  #cell(open: OpenCut) {
    return { store: this.#store, changes: [{ key: CUT, value: Buffer.from(JSON.stringify(open)) }] }
  }

  /** The log's own outage (a full disk) is waited out as well. */
  async #commit(unit: Parameters<LogWriter['commit']>[0]): Promise<void> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.#o.writer.commit(unit)
      } catch (error) {
        if (!isOutage(error)) throw error
        this.#o.onOutage?.(error, attempt)
        await pause(attempt, this.#o.signal)
      }
  }

  async #send(cut: Cut, token: string): Promise<void> {
    const { warehouse, database, table } = this.#o
    const { columns, native, rows } = cut
    await warehouse.insert({ database, table: table.name, columns, native, rows, token })
  }

  #token({ generation, from, to }: OpenCut): string {
    const { table, topic, partition } = this.#o
    return `stratum:${generation}:${table.name}:${topic}:${partition}:${from}-${to}`
  }

  /** Offsets of the cut's rows that the table does not hold, in order. */
  async #missing(cut: Cut, refused: readonly Refused[]): Promise<number[]> {
    const { warehouse, database, table, topic, partition } = this.#o
    const rows = await warehouse.query<{ o: number }>(
      `SELECT _offset AS o FROM ${database}.${table.name} WHERE _topic = {topic:String} AND _partition = {partition:UInt32} AND _offset BETWEEN {from:UInt64} AND {to:UInt64}`,
      { topic, partition, from: cut.from, to: cut.to },
    )
    const settled = new Set([...rows.map(r => Number(r.o)), ...refused.map(r => r.offset)])
    const missing: number[] = []
    for await (const record of this.#records(cut.from, cut.to))
      if (!settled.has(record.offset) && this.#isRow(record)) missing.push(record.offset)
    return missing
  }

  #isRow(record: StoredRecord): boolean {
    const { table, reader, replaced } = this.#o
    return roleOf(table, reader, record, replaced) === 'row'
  }

  #reread(from: number, to: number, only?: ReadonlySet<number>): Promise<Cut> {
    const { cutting, table, topic, partition, replaced } = this.#o
    const order = { table: table.name, topic, partition, from, end: to + 1, replaced }
    return cutting.cut(only ? { ...order, only } : order)
  }

  async *#records(from: number, to: number): AsyncGenerator<StoredRecord> {
    const { log, topic, partition } = this.#o
    for (let at = from; at <= to; ) {
      const batch = await log.read(topic, partition, at)
      if (!batch) return
      for (const record of batch.records) if (record.offset <= to) yield record
      at = batch.next
    }
  }
}

/** Server codes that speak of values, not of tables or rights: only for these are rows taken apart. */
const DATA_CODES = new Set([6, 25, 26, 27, 33, 38, 41, 53, 69, 70, 72, 117, 128, 131, 321, 407, 469, 590])

function aboutValues(error: unknown): error is StratumError {
  if (!(error instanceof StratumError) || error.code !== 'STORE_REFUSED') return false
  const { code } = (error.cause ?? {}) as { code?: unknown }
  return DATA_CODES.has(Number(/Code: (\d+)/.exec(error.message)?.[1] ?? code))
}

async function pause(attempt: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(10_000, 100 * 2 ** Math.min(attempt, 7)), undefined, { signal })
}
