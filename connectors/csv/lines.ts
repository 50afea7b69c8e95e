/** A physical line with its terminator, as read. `cut` is its true length when only its beginning was kept. */
export interface Line {
  readonly bytes: Buffer
  readonly cut: number | null
}

/** More of one line than this is not kept: what is dropped is only ever part of a row that is rejected anyway. */
const KEEP = 64 * 2 ** 20
const LF = 10
const CR = 13

/** Cuts chunks of bytes into lines. Holds at most one line. */
export class LineSplitter {
  #parts: Buffer[] = []
  #length = 0
  #terminator: number | null = null

  #keep(part: Buffer) {
    if (part.length === 0) return
    const room = KEEP - Math.min(this.#length, KEEP)
    // A copy: a slice would keep the whole chunk it came from alive.
    if (room > 0) this.#parts.push(Buffer.from(part.subarray(0, room)))
    this.#length += part.length
  }

  *push(chunk: Buffer): Generator<Line> {
    this.#terminator ??= terminatorOf(chunk)
    let from = 0
    for (;;) {
      const at = chunk.indexOf(this.#terminator, from)
      if (at < 0) break
      yield this.#line(chunk.subarray(from, at + 1))
      from = at + 1
    }
    this.#keep(chunk.subarray(from))
  }

  /** What is left without a terminator, if anything. */
  *end(): Generator<Line> {
    if (this.#length > 0) yield this.#line(Buffer.alloc(0))
  }

  #line(last: Buffer): Line {
    if (this.#length === 0) return { bytes: last, cut: null }
    this.#keep(last)
    const line = { bytes: Buffer.concat(this.#parts), cut: this.#length > KEEP ? this.#length : null }
    this.#parts = []
    this.#length = 0
    return line
  }
}

/** Line feed, unless the file only has carriage returns (as spreadsheets for old Macs write). */
function terminatorOf(chunk: Buffer): number {
  return chunk.includes(LF) || !chunk.includes(CR) || chunk.indexOf(CR) === chunk.length - 1 ? LF : CR
}

/** The line without its terminator. */
export function chomp(bytes: Buffer): Buffer {
  let end = bytes.length
  if (end > 0 && bytes[end - 1] === LF) end--
  if (end > 0 && bytes[end - 1] === CR) end--
  return bytes.subarray(0, end)
}
