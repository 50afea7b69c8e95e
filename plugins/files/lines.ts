import { Pieces, type RawRow, ROW_CAP } from './pieces.ts'
import type { Ending, Splitter } from './splitter.ts'

const LF = 10
const CR = 13
const SPACE = 32
const TAB = 9

/**
 * Cuts after line ends: LF or CRLF, or CR alone where the file begins with no other (as spreadsheets for old Macs
 * write). A line keeps its end, so that the lines together are the file. Holds at most one line.
 */
export class LineCutter {
  readonly #open: Pieces
  #terminator: number | null = null

  constructor(cap = ROW_CAP) {
    this.#open = new Pieces(cap)
  }

  push(chunk: Buffer): RawRow[] {
    this.#terminator ??= terminatorOf(chunk)
    const lines: RawRow[] = []
    let from = 0
    for (let at = chunk.indexOf(this.#terminator); at !== -1; at = chunk.indexOf(this.#terminator, from)) {
      const part = chunk.subarray(from, at + 1)
      from = at + 1
      if (this.#open.total === 0) lines.push({ bytes: part, length: part.length })
      else {
        this.#open.add(part)
        lines.push(this.#open.take())
      }
    }
    if (from < chunk.length) this.#open.add(chunk.subarray(from))
    return lines
  }

  /** What is left without an end, if anything. */
  end(): RawRow | null {
    return this.#open.total === 0 ? null : this.#open.take()
  }
}

function terminatorOf(chunk: Buffer): number {
  return chunk.includes(LF) || !chunk.includes(CR) || chunk.indexOf(CR) === chunk.length - 1 ? LF : CR
}

/** A line without its end. */
export function chomp(bytes: Buffer): Buffer {
  let end = bytes.length
  if (end > 0 && bytes[end - 1] === LF) end--
  if (end > 0 && bytes[end - 1] === CR) end--
  return end === bytes.length ? bytes : bytes.subarray(0, end)
}

export function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== SPACE && byte !== TAB && byte !== CR && byte !== LF) return false
  return true
}

/** Lines as rows. A blank line counts as a line and holds nothing. */
export class Lines implements Splitter {
  readonly unit = 'line'
  readonly #cutter: LineCutter
  constructor(cap = ROW_CAP) {
    this.#cutter = new LineCutter(cap)
  }

  push(chunk: Buffer): (RawRow | null)[] {
    return this.#cutter.push(chunk).map(rowOf)
  }

  end(): Ending {
    const rest = this.#cutter.end()
    return { row: rest && rowOf(rest), fault: null }
  }
}

function rowOf(line: RawRow): RawRow | null {
  if (line.bytes.length < line.length) return line
  const bytes = chomp(line.bytes)
  return isBlank(bytes) ? null : { bytes, length: bytes.length }
}
