import { Transform, type TransformCallback } from 'node:stream'
import type { Reader } from '../codec/codec.ts'
import { messageOf } from '../errors.ts'
import type { RecordBatch, StoredRecord } from '../log/port.ts'
import { NativeBlock } from './native.ts'
import { roleOf } from './row.ts'
import { ORIGIN_COLUMNS, type TableSpec } from './table.ts'

export interface CutLimits {
  readonly rows: number
  readonly bytes: number
  readonly ms: number | (() => number)
}

/** Rows of one table from a range of offsets of one partition: what is inserted under one token. */
export interface Cut {
  readonly from: number
  /** Last offset covered (inclusive), whether or not its record is a row of the table. */
  readonly to: number
  readonly block: NativeBlock
  /** Records of the table's kind that do not fit its columns. */
  readonly refused: readonly { record: StoredRecord; reason: string }[]
}

/** Where the records of a cut come from and what of them is taken. */
export interface CutSource {
  readonly table: TableSpec
  readonly reader: Reader
  readonly topic: string
  readonly partition: number
  /** Offsets that are no rows any more: see `roleOf`. */
  readonly replaced: ReadonlySet<number>
}

/** Makes a block of the rows among some records. */
export function buildCut(source: CutSource, records: Iterable<StoredRecord>, from: number, to: number): Cut {
  const cut = new CutBuilder(source, from)
  for (const record of records) cut.add(record)
  return cut.close(to)
}

class CutBuilder {
  readonly from: number
  readonly block: NativeBlock
  readonly #refused: { record: StoredRecord; reason: string }[] = []
  readonly #source: CutSource

  constructor(source: CutSource, from: number) {
    this.#source = source
    this.from = from
    this.block = new NativeBlock(source.table.columns, ORIGIN_COLUMNS)
  }

  add(record: StoredRecord): void {
    const { table, reader, topic, partition, replaced } = this.#source
    const role = roleOf(table, reader, record, replaced)
    if (role === 'other') return
    try {
      this.block.append(reader.decode(record.value!).value, [topic, partition, record.offset])
    } catch (error) {
      this.#refused.push({ record, reason: messageOf(error) })
    }
  }

  close(to: number): Cut {
    return { from: this.from, to, block: this.block, refused: this.#refused }
  }
}

/** Batches of records in, cuts out: by rows, bytes, or time since the cut was begun. */
export class Cutter extends Transform {
  readonly #source: CutSource
  readonly #limits: CutLimits
  #open: CutBuilder | null = null
  #last = -1
  #timer: NodeJS.Timeout | undefined

  constructor(source: CutSource, limits: CutLimits) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#source = source
    this.#limits = limits
  }

  override _transform(batch: RecordBatch, _: BufferEncoding, done: TransformCallback): void {
    for (const record of batch.records) {
      this.#open ??= new CutBuilder(this.#source, record.offset)
      this.#open.add(record)
      this.#last = record.offset
      const { block } = this.#open
      if (block.rows >= this.#limits.rows || (block.rows % 512 === 0 && block.bytes >= this.#limits.bytes))
        this.#cut()
    }
    if (this.#open)
      this.#timer ??= setTimeout(
        () => this.#cut(),
        typeof this.#limits.ms === 'function' ? this.#limits.ms() : this.#limits.ms,
      )
    done()
  }

  #cut(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const open = this.#open
    this.#open = null
    if (open && !this.destroyed) this.push(open.close(this.#last))
  }

  override _flush(done: TransformCallback): void {
    this.#cut()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer)
    done(error)
  }
}
