import { isUtf8 } from 'node:buffer'
import { Pieces } from '../../../plugins/files/pieces.ts'

const LF = 10

/** A line without its end: its text, or why it has none. */
export interface Line {
  readonly text: string | null
  readonly fault: string | null
  /** What is wrong with it, cut where it was too long to be kept. */
  readonly bytes: Buffer | null
}

/**
 * Cuts output into lines. A chunk is decoded as a whole: decoding and checking line by line takes as long as all the
 * rest of reading. Holds one line at most, and of one that is longer than `cap` bytes that much.
 */
export class Lines {
  readonly #cap: number
  readonly #open: Pieces

  constructor(cap: number) {
    this.#cap = cap
    this.#open = new Pieces(cap)
  }

  push(chunk: Buffer): Line[] {
    const first = chunk.indexOf(LF)
    if (first === -1) {
      this.#open.add(chunk)
      return []
    }
    const last = chunk.lastIndexOf(LF)
    this.#open.add(chunk.subarray(0, first))
    const lines: Line[] = []
    this.#openLine(lines)
    linesOf(chunk.subarray(first + 1, last), lines)
    this.#open.add(chunk.subarray(last + 1))
    return lines
  }

  /** What is left without an end. */
  end(): Line[] {
    const lines: Line[] = []
    if (this.#open.total > 0) this.#openLine(lines)
    return lines
  }

  #openLine(lines: Line[]): void {
    const { bytes, length } = this.#open.take()
    if (length <= this.#cap) linesOf(bytes, lines)
    else lines.push({ text: null, fault: `a line of ${length} bytes is too long to be read`, bytes })
  }
}

function linesOf(bytes: Buffer, lines: Line[]): void {
  if (isUtf8(bytes)) {
    // Blank lines count for nothing; a carriage return at the end is space to JSON.
    for (const text of bytes.toString('utf8').split('\n'))
      if (text !== '' && text.trim() !== '') lines.push({ text, fault: null, bytes: null })
    return
  }
  if (!bytes.includes(LF)) {
    lines.push({ text: null, fault: 'not valid UTF-8', bytes: Buffer.from(bytes) })
    return
  }
  for (let from = 0; from <= bytes.length; ) {
    const to = bytes.indexOf(LF, from)
    const end = to === -1 ? bytes.length : to
    linesOf(bytes.subarray(from, end), lines)
    from = end + 1
  }
}
