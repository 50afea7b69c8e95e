import { Pieces, type RawRow, ROW_CAP } from './pieces.ts'
import type { Ending, Splitter } from './splitter.ts'

const LF = 10
const CR = 13
const SPACE = 32

/** Cuts at line breaks (LF or CRLF). A blank line counts as a line and holds nothing. */
export class Lines implements Splitter {
  readonly unit = 'line'
  readonly #open: Pieces
  constructor(cap = ROW_CAP) {
    this.#open = new Pieces(cap)
  }

  push(chunk: Buffer): (RawRow | null)[] {
    const rows: (RawRow | null)[] = []
    let from = 0
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      const part = chunk.subarray(from, at)
      from = at + 1
      if (this.#open.total === 0) rows.push(line({ bytes: part, length: part.length }))
      else {
        this.#open.add(part)
        rows.push(line(this.#open.take()))
      }
    }
    if (from < chunk.length) this.#open.add(chunk.subarray(from))
    return rows
  }

  end(): Ending {
    return { row: line(this.#open.take()), fault: null }
  }
}

function line(row: RawRow): RawRow | null {
  const { bytes, length } = row
  if (bytes.length < length) return row
  const end = bytes.length > 0 && bytes[bytes.length - 1] === CR ? bytes.length - 1 : bytes.length
  if (isBlank(bytes, end)) return null
  return end === length ? row : { bytes: bytes.subarray(0, end), length: end }
}

function isBlank(bytes: Buffer, end: number): boolean {
  for (let i = 0; i < end; i++) if (bytes[i]! !== SPACE && bytes[i]! !== 9) return false
  return true
}
