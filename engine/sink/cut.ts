import type { Reader } from '../codec/codec.ts'
import { messageOf, StratumError } from '../errors.ts'
import type { EventLog } from '../log/port.ts'
import { NativeBlock } from './native.ts'
import { roleOf } from './row.ts'
import { ORIGIN_COLUMNS, type TableSpec } from './table.ts'

/** Rows of one table from a range of offsets of one partition: what is inserted under one token. */
export interface Cut {
  readonly from: number
  /** Last offset covered (inclusive), whether or not its record is a row of the table. */
  readonly to: number
  readonly rows: number
  readonly columns: NativeBlock['columns']
  /** The rows in ClickHouse's Native format. */
  readonly native: Buffer
  /** Records of the table's kind that do not fit its columns. */
  readonly refused: readonly Refused[]
}

export interface Refused {
  readonly offset: number
  readonly reason: string
}

/** What a cut is to be made of: the rows of a table among the records of [from, end). */
export interface CutOrder {
  readonly table: string
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly end: number
  /** Offsets that are no rows any more: see `roleOf`. */
  readonly replaced: ReadonlySet<number>
  /** Only these offsets. */
  readonly only?: ReadonlySet<number>
  /** The cut ends early with the row that reaches one of them; bytes are looked at now and then. */
  readonly limits?: { readonly rows: number; readonly bytes: number }
}

/** Makes cuts, wherever that runs. */
export interface Cutting {
  cut(order: CutOrder): Promise<Cut>
  close(): Promise<void>
}

/** Makes cuts in the thread it is called in. */
export function cutHere(log: EventLog, reader: Reader, tables: readonly TableSpec[]): Cutting {
  const specs = new Map(tables.map(table => [table.name, table]))
  return {
    cut: order => cutOf(log, reader, specs.get(order.table)!, order),
    async close() {},
  }
}

/** After so many bytes of records the block is measured, which means a look at every column. */
const MEASURED_BYTES = 64 * 1024

async function cutOf(log: EventLog, reader: Reader, table: TableSpec, order: CutOrder): Promise<Cut> {
  const { topic, partition, from, end, replaced, only, limits } = order
  const block = new NativeBlock(table.columns, ORIGIN_COLUMNS)
  const refused: Refused[] = []
  let unmeasured = 0
  const close = (to: number): Cut => {
    const { rows, columns } = block
    return { from, to, rows, columns, native: block.finish(), refused }
  }
  for (let at = from; at < end; ) {
    const batch = await log.read(topic, partition, at)
    if (!batch)
      throw new StratumError('STORE_UNAVAILABLE', `${topic}/${partition} ends at ${at}, before ${end}.`)
    await reader.ready(batch.records)
    for (const record of batch.records) {
      const { offset } = record
      if (offset >= end) break
      if ((only && !only.has(offset)) || roleOf(table, reader, record, replaced) === 'other') continue
      try {
        block.append(reader.decode(record.value!).value, [topic, partition, offset])
      } catch (error) {
        refused.push({ offset, reason: messageOf(error) })
      }
      if (!limits) continue
      if (block.rows >= limits.rows) return close(offset)
      unmeasured += record.value!.length
      if (unmeasured < MEASURED_BYTES) continue
      unmeasured = 0
      if (block.bytes >= limits.bytes) return close(offset)
    }
    at = batch.next
  }
  return close(end - 1)
}
