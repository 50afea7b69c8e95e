import { Transform, type TransformCallback } from 'node:stream'
import type { Reader } from '../codec/codec.ts'
import { messageOf } from '../errors.ts'
import type { RecordBatch, StoredRecord } from '../log/port.ts'
import { NativeBlock } from './native.ts'
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

/** Makes a block of the rows among some records. */
export function buildCut(
  table: TableSpec,
  reader: Reader,
  topic: string,
  partition: number,
  records: Iterable<StoredRecord>,
  from: number,
  to: number,
): Cut {
  const cut = new CutBuilder(table, reader, topic, partition, from)
  for (const record of records) cut.add(record)
  return cut.close(to)
}

class CutBuilder {
  readonly from: number
  readonly block: NativeBlock
  readonly #refused: { record: StoredRecord; reason: string }[] = []
  readonly #table: TableSpec
  readonly #reader: Reader
  readonly #topic: string
  readonly #partition: number

  constructor(table: TableSpec, reader: Reader, topic: string, partition: number, from: number) {
    this.#table = table
    this.#reader = reader
    this.#topic = topic
    this.#partition = partition
    this.from = from
    this.block = new NativeBlock(table.columns, ORIGIN_COLUMNS)
  }

  add(record: StoredRecord): void {
    if (record.value === null || (record.headers?.only ?? this.#table.name) !== this.#table.name) return
    try {
      if (this.#reader.kindOf(record.value) !== this.#table.from.kind) return
      this.block.append(this.#reader.decode(record.value).value, [
        this.#topic,
        this.#partition,
        record.offset,
      ])
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
  readonly #table: TableSpec
  readonly #reader: Reader
  readonly #limits: CutLimits
  #open: CutBuilder | null = null
  #last = -1
  #timer: NodeJS.Timeout | undefined

  constructor(table: TableSpec, reader: Reader, limits: CutLimits) {
    super({ objectMode: true, highWaterMark: 1 })
    this.#table = table
    this.#reader = reader
    this.#limits = limits
  }

  override _transform(batch: RecordBatch, _: BufferEncoding, done: TransformCallback): void {
    for (const record of batch.records) {
      this.#open ??= new CutBuilder(this.#table, this.#reader, batch.topic, batch.partition, record.offset)
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
