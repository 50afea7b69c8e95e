/**
 * Bytes collected over several chunks, joined once at the end. What goes beyond `cap` is counted and not kept: a
 * file without a single line break must not fill the memory.
 */
export class Pieces {
  #parts: Buffer[] = []
  #kept = 0
  /** Bytes added since the last take, kept or not. */
  total = 0
  readonly #cap: number

  constructor(cap: number) {
    this.#cap = cap
  }

  add(part: Buffer): void {
    this.total += part.length
    const room = this.#cap - this.#kept
    if (room <= 0 || part.length === 0) return
    const kept = part.length <= room ? part : part.subarray(0, room)
    this.#parts.push(kept)
    this.#kept += kept.length
  }

  take(): RawRow {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts)
    const row = { bytes, length: this.total }
    this.#parts = []
    this.#kept = 0
    this.total = 0
    return row
  }
}

/** One row as it lies in the file. `length` is larger than that of `bytes` when the rest was not kept. */
export interface RawRow {
  readonly bytes: Buffer
  readonly length: number
}

/** What one row may hold at most in memory; a row up to this is handed on whole. */
export const ROW_CAP = 256 * 1024 * 1024
