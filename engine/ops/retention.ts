import type { Reader } from '../codec/codec.ts'
import type { EventLog } from '../log/port.ts'
import type { Stores } from '../runtime/stores.ts'
import { fitOf } from '../sink/fit.ts'
import type { TableSpec } from '../sink/table.ts'
import type { Warehouse } from '../store/warehouse.ts'

/** The day, since 1970, before which the warehouse drops rows by its own time. */
export async function keptFrom({ options }: Stores, warehouse: Warehouse): Promise<number> {
  const [row] = await warehouse.query<{ day: number }>(
    'SELECT toUnixTimestamp(now() - toIntervalYear({years:UInt32})) / 86400 AS day',
    { years: options.warehouse.retentionYears },
  )
  return row!.day
}

/**
 * Whether the row of a record is older than its table keeps rows (`keptFrom`), so that it need not be there any more.
 * A record that could never be a row is not.
 */
export async function pastRetention(
  log: EventLog,
  reader: Reader,
  table: TableSpec,
  keptFrom: number,
  at: { readonly topic: string; readonly partition: number; readonly offset: number },
): Promise<boolean> {
  const batch = await log.read(at.topic, at.partition, at.offset, { maxRecords: 1 })
  const record = batch?.records.find(r => r.offset === at.offset)
  if (!record?.value) return false
  await reader.ready([record])
  const day = dayOf(table, () => reader.decode(record.value!).value)
  return day !== null && day < keptFrom
}

const MICROS_A_DAY = 86_400_000_000

/** Days since 1970 of the time a table's retention goes by; null where there is no such row. */
function dayOf(table: TableSpec, read: () => Readonly<Record<string, unknown>>): number | null {
  const column = table.columns.find(c => c.name === table.time)
  if (!column) return null
  try {
    const value = read()
    const time = fitOf(column)(column.value ? column.value(value) : value[column.name]) as number | null
    if (time === null) return null
    return column.type === 'Date' ? time : time / MICROS_A_DAY
  } catch {
    // Bytes nobody can read, or a value that does not fit: refused.
    return null
  }
}
