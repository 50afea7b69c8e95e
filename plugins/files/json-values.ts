import { Pieces, type RawRow, ROW_CAP } from './pieces.ts'
import type { Ending, Splitter } from './splitter.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Cuts `[ {…}, {…} ]` into its elements, or a run of objects `{…} {…}` (pretty-printed, say) into the objects,
 * without parsing them: only strings, escapes and depth are followed. Arrays one after the other read as one.
 */
export class JsonValues implements Splitter {
  readonly unit = 'row'
  readonly #open: Pieces
  #state: 'start' | 'array' | 'objects' | 'closed' = 'start'
  #depth = 0
  #inString = false
  #escaped = false
  #inValue = false
  constructor(cap = ROW_CAP) {
    this.#open = new Pieces(cap)
  }

  push(chunk: Buffer): RawRow[] {
    const rows: RawRow[] = []
    let from = 0
    const finish = (to: number) => {
      this.#open.add(chunk.subarray(from, to))
      this.#inValue = false
      rows.push(this.#open.take())
    }
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === BACKSLASH) this.#escaped = true
        else if (byte === QUOTE) this.#inString = false
        continue
      }
      if (!this.#inValue) {
        if (byte <= 0x20 || (byte === COMMA && this.#state === 'array')) continue
        if (this.#state === 'start' || this.#state === 'closed') {
          this.#state = byte === OPEN_ARRAY ? 'array' : 'objects'
          if (byte === OPEN_ARRAY) continue
        } else if (this.#state === 'array' && byte === CLOSE_ARRAY) {
          this.#state = 'closed'
          continue
        }
        this.#inValue = true
        this.#depth = 0
        from = i
      }
      if (byte === QUOTE) this.#inString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth++
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        // A closing bracket at depth 0 ends a bare value (`1]`), which is then the array's own bracket.
        if (this.#depth === 0 && this.#state === 'array') {
          finish(i)
          this.#state = 'closed'
        } else if (--this.#depth <= 0) finish(i + 1)
      } else if (byte === COMMA && this.#depth === 0 && this.#state === 'array') finish(i)
    }
    if (this.#inValue) this.#open.add(chunk.subarray(from))
    return rows
  }

  end(): Ending {
    const row = this.#inValue ? this.#open.take() : null
    if (this.#state === 'array') return { row, fault: 'the file is truncated: the closing ] is missing' }
    if (row && this.#depth > 0) return { row, fault: 'the file is truncated: the last object does not end' }
    return { row, fault: null }
  }
}
