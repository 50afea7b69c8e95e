import { Writable } from 'node:stream'
import type { Reader } from '../codec/codec.ts'
import { isOutage, StratumError } from '../errors.ts'
import type { EventLog, LogRecord, LogWriter, StoredRecord } from '../log/port.ts'
import type { Warehouse } from '../store/warehouse.ts'
import type { Cut, Cutting } from './cut.ts'
import { numbersOf, rangesOf } from './ranges.ts'
import { aboutValues } from './refused.ts'
import { roleOf } from './row.ts'
import type { TableSpec } from './table.ts'
import { later, pause } from './waiting.ts'

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
  /** Somebody else may still be inserting (a server, a former owner): then what was sent last goes first. */
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
  /** Offsets of those of the last time, as ranges: sent again they have to be the same. */
  readonly missing?: readonly number[]
}

/** The cut of a partition that is begun and not closed, or null. */
export function openCut(log: EventLog, table: string, partition: number): OpenCut | null {
  const bytes = log.state(sinkStore(table, partition)).get(CUT)
  return bytes ? (JSON.parse(bytes.toString()) as OpenCut) : null
}

/** How long an answer is waited for when the engine stops; what is then open the next start settles. */
const STOP_MS = 10_000

/** Offsets of rows that were refused, and why. */
type Refusals = Map<number, string>

/**
 * Inserts cuts exactly once. The cut is committed to the log before its rows are sent, and closed after. When the
 * outcome is unknown (a crash, a time-out) there are two dangers. A server may still be at it, or come to it late:
 * so what was sent last goes first once more, the same bytes under the same token, and whichever of the two is the
 * later one is a repeat. And a token proves nothing: a store that died between its deduplication log and the part
 * acknowledges the repeat and has lost the rows. So the offsets are read back, what is missing is inserted under a
 * new token (with the same care), and the cut is closed only when all are there.
 */
export class Inserter extends Writable {
  readonly #o: InserterOptions
  /** Ends the wait for an answer. */
  readonly #enough: AbortSignal

  constructor(options: InserterOptions) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#o = options
    this.#enough = later(options.signal, STOP_MS)
  }

  get #store(): string {
    return sinkStore(this.#o.table.name, this.#o.partition)
  }

  /** Settles what a crash left open. Returns the position to read on from. */
  async recover(): Promise<number> {
    const { log, topic, partition, table, shared } = this.#o
    const open = openCut(log, table.name, partition)
    if (open) await this.#settle(await this.#again(open), open, { resend: shared })
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
      if (aboutValues(error)) return this.#settle(cut, open, { resend: false })
      if (!isOutage(error)) throw error
      this.#o.onOutage?.(error, 1)
      return this.#settle(cut, open, { resend: this.#o.shared })
    }
    this.#o.onRows?.(cut.rows)
    await this.#close(cut)
  }

  /**
   * Reads back, completes, closes; tries again while the store is away. `resend`: what was sent last goes first.
   */
  async #settle(cut: Cut, open: OpenCut, { resend }: { resend: boolean }): Promise<void> {
    const refused: Refusals = new Map(cut.refused.map(({ offset, reason }) => [offset, reason]))
    const last = { sent: open }
    let heard = 0
    for (let attempt = 1; ; attempt++) {
      try {
        if (resend) await this.#sendAgain(cut, last.sent)
        resend = false
        const missing = await this.#missing(cut, refused)
        if (missing.length === 0) break
        if (heard > 1) await this.#unkept(missing.length, heard)
        await this.#complete(last, missing, refused)
        heard++
      } catch (error) {
        if (!isOutage(error)) throw error
        this.#o.signal.throwIfAborted()
        resend = this.#o.shared
        this.#o.onOutage?.(error, attempt)
        await pause(attempt, this.#o.signal)
      }
    }
    this.#o.onRows?.(cut.rows + cut.refused.length - refused.size)
    await this.#close({ ...cut, refused: [...refused].map(([offset, reason]) => ({ offset, reason })) })
  }

  /** When its rows are refused, what is there is seen by reading back. */
  async #sendAgain(cut: Cut, sent: OpenCut): Promise<void> {
    try {
      if (sent.repairs > 0) await this.#repair(sent)
      else await this.#send(cut, this.#token(sent))
    } catch (error) {
      if (!aboutValues(error)) throw error
    }
  }

  /**
   * Inserts rows of the open cut. Where values are refused, ever smaller parts are sent until it is known which.
   * `last` is what was sent last, in the log too.
   */
  async #complete(last: { sent: OpenCut }, offsets: readonly number[], refused: Refusals): Promise<void> {
    const parts = [offsets]
    for (let part = parts.pop(); part; part = parts.pop()) {
      last.sent = { ...last.sent, repairs: last.sent.repairs + 1, missing: rangesOf(part) }
      await this.#commit({ state: [this.#cell(last.sent)] })
      try {
        await this.#repair(last.sent)
      } catch (error) {
        if (!aboutValues(error)) throw error
        const half = part.length >> 1
        if (half === 0) refused.set(part[0]!, error.message)
        else parts.push(part.slice(half), part.slice(0, half))
      }
    }
  }

  async #repair(open: OpenCut): Promise<void> {
    // Cuts of an earlier release do not say what was missing: they are read back only.
    if (!open.missing) return
    const rows = await this.#reread(open.from, open.to, new Set(numbersOf(open.missing)))
    await this.#send(rows, `${this.#token(open)}:r${open.repairs}`)
  }

  /** A store that acknowledges rows and does not have them is told of, and not asked without end in one breath. */
  async #unkept(rows: number, attempt: number): Promise<void> {
    const { table, onOutage, signal } = this.#o
    const why = `ClickHouse acknowledges rows of ${table.name} and does not have them: ${rows} are missing`
    onOutage?.(new StratumError('STORE_UNAVAILABLE', why), attempt)
    await pause(attempt, signal)
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
    await warehouse.insert({ database, table: table.name, columns, native, rows, token }, this.#enough)
  }

  #token({ generation, from, to }: OpenCut): string {
    const { table, topic, partition } = this.#o
    return `stratum:${generation}:${table.name}:${topic}:${partition}:${from}-${to}`
  }

  /** Offsets of the cut's rows that the table does not hold, in order. */
  async #missing(cut: Cut, refused: Refusals): Promise<number[]> {
    const { warehouse, database, table, topic, partition } = this.#o
    const rows = await warehouse.query<{ o: number }>(
      `SELECT _offset AS o FROM ${database}.${table.name} WHERE _topic = {topic:String} AND _partition = {partition:UInt32} AND _offset BETWEEN {from:UInt64} AND {to:UInt64} ${UP_TO_DATE}`,
      { topic, partition, from: cut.from, to: cut.to },
      { signal: this.#enough },
    )
    const settled = new Set([...rows.map(r => Number(r.o)), ...refused.keys()])
    const missing: number[] = []
    for await (const record of this.#records(cut.from, cut.to)) {
      if (settled.has(record.offset)) continue
      const learning = this.#o.reader.ready([record])
      if (learning) await learning
      if (this.#isRow(record)) missing.push(record.offset)
    }
    return missing
  }

  #isRow(record: StoredRecord): boolean {
    const { table, reader, replaced } = this.#o
    return roleOf(table, reader, record, replaced) === 'row'
  }

  /** The rows of an open cut, as soon as they can be read. */
  async #again({ from, to }: OpenCut): Promise<Cut> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.#reread(from, to)
      } catch (error) {
        if (!isOutage(error)) throw error
        this.#o.onOutage?.(error, attempt)
        await pause(attempt, this.#o.signal)
      }
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

/** A replica that lags behind would show too little, and rows would be inserted that are there. */
const UP_TO_DATE = 'SETTINGS select_sequential_consistency = 1'
