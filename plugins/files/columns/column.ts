/**
 * One column of a batch, read cell by cell without building Arrow's own value objects. Parquet files of different
 * writers give the same column different types; a reader asks for what it needs and the column converts.
 */
export interface Column {
  readonly length: number
  isNull(i: number): boolean
  /** The cell as JSON would show it, without quotes; null when it is null. */
  text(i: number): string | null
  /** The cell as a plain value (nested ones as objects and arrays); int64 beyond 2^53 as text. */
  value(i: number): unknown
}

/** A column a file does not have. */
export const absent = (length: number): Column => ({
  length,
  isNull: () => true,
  text: () => null,
  value: () => null,
})

/**
 * Which cells are null: a bit a cell, 1 = has a value; null when none is null. Cells of a record that is null are
 * null too, whatever their own bits say.
 */
export type Validity = Uint8Array | null

export const isSet = (bits: Uint8Array, i: number): boolean => ((bits[i >> 3]! >> (i & 7)) & 1) === 1

export function both(a: Validity, b: Validity): Validity {
  if (a === null || b === null) return a ?? b
  const out = new Uint8Array(Math.min(a.length, b.length))
  for (let i = 0; i < out.length; i++) out[i] = a[i]! & b[i]!
  return out
}

export function isAllNull(column: Column): boolean {
  for (let i = 0; i < column.length; i++) if (!column.isNull(i)) return false
  return true
}
