import { chomp, isBlank, LineCutter } from '../../plugins/files/lines.ts'
import type { RawRow } from '../../plugins/files/pieces.ts'

/** A row of the file: one line, or several where a quoted value spans lines. */
export interface Row {
  /** Line of the file where it begins, from 1. */
  readonly line: number
  /** As read, with its terminator. */
  readonly bytes: Buffer
  /** Why it cannot be read as a row; null when it can. */
  readonly problem: string | null
}

export interface RowLimits {
  readonly maxBytes: number
  /** A quoted value that has not ended after so many lines is taken for a stray quote. */
  readonly maxLines: number
}

export const LIMITS: RowLimits = { maxBytes: 2 ** 20, maxLines: 100 }

/** More of one line than this is not kept: what is dropped is only ever part of a row that is rejected anyway. */
const KEEP = 64 * 2 ** 20

const QUOTE = 34
const SPACE = 32
type Place = 'start' | 'plain' | 'quoted' | 'closed' | 'broken'

/**
 * Cuts bytes into rows by RFC 4180 and survives what breaks it: a quote that never closes, or closes in the middle
 * of a value, costs the line where it opened and no other; so does a row past `maxBytes`. Blank lines are skipped.
 */
export class RowReader {
  readonly #delimiter: number
  readonly #limits: RowLimits
  readonly #lines = new LineCutter(KEEP)
  #line = 0
  #open: RawRow[] = []
  #openBytes = 0
  #place: Place = 'start'

  constructor(delimiter: string, limits: RowLimits = LIMITS) {
    this.#delimiter = delimiter.charCodeAt(0)
    this.#limits = limits
  }

  *push(chunk: Buffer): Generator<Row> {
    for (const line of this.#lines.push(chunk)) yield* this.#take(line)
  }

  *end(): Generator<Row> {
    const last = this.#lines.end()
    if (last) yield* this.#take(last)
    while (this.#open.length > 0) yield* this.#giveUp('a quoted value is never closed')
  }

  /** What was read of a row that the end of a damaged file cut off. */
  remainder(): Row | null {
    const last = this.#lines.end()
    const lines = last ? [...this.#open, last] : this.#open
    if (lines.length === 0) return null
    const bytes = Buffer.concat(lines.map(line => line.bytes))
    return { line: this.#line - this.#open.length + 1, bytes, problem: 'the file breaks off in this row' }
  }

  *#take(line: RawRow): Generator<Row> {
    this.#line++
    const { bytes, length } = line
    if (this.#open.length === 0) {
      if (length > this.#limits.maxBytes) {
        const kept = bytes.length < length ? `, of which the first ${bytes.length} are kept` : ''
        const problem = `a row of ${length} bytes (${this.#limits.maxBytes} at most)${kept}`
        yield { line: this.#line, bytes, problem }
        return
      }
      if (!bytes.includes(QUOTE)) {
        if (!isBlank(bytes)) yield { line: this.#line, bytes, problem: null }
        return
      }
      this.#place = 'start'
    }
    this.#open.push(line)
    this.#openBytes += bytes.length
    if (this.#openBytes > this.#limits.maxBytes) return yield* this.#giveUp('a quoted value is never closed')
    this.#place = scan(bytes, this.#place, this.#delimiter)
    if (this.#place === 'broken') return yield* this.#giveUp('text follows a closing quote')
    if (this.#place !== 'quoted') {
      yield { line: this.#line - this.#open.length + 1, bytes: this.#whole(), problem: null }
    } else if (this.#open.length >= this.#limits.maxLines) {
      yield* this.#giveUp(`a quoted value is not closed within ${this.#limits.maxLines} lines`)
    }
  }

  /** Rejects the line that opened the quote and reads the lines after it anew. */
  *#giveUp(problem: string): Generator<Row> {
    const [first, ...rest] = this.#open as [RawRow, ...RawRow[]]
    this.#line -= this.#open.length
    this.#open = []
    this.#openBytes = 0
    this.#line++
    const reason = rest.length > 0 ? 'a quoted value is never closed' : problem
    yield { line: this.#line, bytes: first.bytes, problem: reason }
    for (const line of rest) yield* this.#take(line)
  }

  #whole(): Buffer {
    const bytes = this.#open.length === 1 ? this.#open[0]!.bytes : Buffer.concat(this.#open.map(l => l.bytes))
    this.#open = []
    this.#openBytes = 0
    return bytes
  }
}

/** Follows quotes through a line. A quote opens only where a value begins; elsewhere it is text (`5" screen`). */
function scan(bytes: Buffer, from: Place, delimiter: number): Place {
  const text = chomp(bytes)
  let place = from
  for (let i = 0; i < text.length; i++) {
    const byte = text[i]!
    if (place === 'quoted') {
      if (byte !== QUOTE) continue
      if (text[i + 1] === QUOTE) i++
      else place = 'closed'
    } else if (byte === delimiter) place = 'start'
    else if (byte === SPACE) continue
    else if (place === 'closed') return 'broken'
    else place = place === 'start' && byte === QUOTE ? 'quoted' : 'plain'
  }
  return place
}
