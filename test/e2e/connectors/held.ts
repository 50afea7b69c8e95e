import type { Warehouse } from '../../../engine/store/warehouse.ts'

/** What is in force of a connector. */
export function held(
  warehouse: Warehouse,
  table: string,
  source: string,
  columns: readonly string[],
): Promise<object[]> {
  const selected = columns.map(column => {
    if (column === 'conversions_micros') return 'toInt64(held.conversions * 1000000) AS conversions_micros'
    return column.endsWith('_at')
      ? `toUnixTimestamp64Micro(held.${column}) AS ${column}`
      : `held.${column} AS ${column}`
  })
  return warehouse.query<object>(
    `SELECT ${selected.join(', ')} FROM stratum.${table}_current AS held WHERE held.source = {source:String}`,
    { source },
  )
}

/** The first rows of one that the other has not; a row as often as it is there. */
export function missing(rows: readonly object[], others: readonly object[]): string[] {
  const left = new Map<string, number>()
  for (const row of others) left.set(text(row), (left.get(text(row)) ?? 0) + 1)
  return rows
    .map(text)
    .filter(row => {
      const n = left.get(row) ?? 0
      left.set(row, n - 1)
      return n <= 0
    })
    .slice(0, 3)
}

/** In an order of its own; whole numbers of 64 bits come over JSON as texts. */
const text = (row: object): string =>
  JSON.stringify(
    Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)),
    (_, value) => (typeof value === 'number' ? String(value) : value),
  )
