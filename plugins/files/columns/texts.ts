import { isAscii } from 'node:buffer'
import type { Column, Validity } from './column.ts'
import { isSet } from './column.ts'
import { INTERN_MAX, type Interner } from './intern.ts'

/** UTF-8 text; offsets of 32 or (large) 64 bits. */
export class TextColumn implements Column {
  readonly length: number
  readonly #bytes: Buffer
  readonly #offsets: Int32Array | BigInt64Array
  readonly #validity: Validity
  readonly #intern: Interner
  readonly #ascii: boolean

  constructor(
    length: number,
    bytes: Uint8Array,
    offsets: Int32Array | BigInt64Array,
    validity: Validity,
    intern: Interner,
  ) {
    this.length = length
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#offsets = offsets
    this.#validity = validity
    this.#intern = intern
    this.#ascii = isAscii(this.#bytes)
  }

  isNull(i: number): boolean {
    return this.#validity !== null && !isSet(this.#validity, i)
  }

  text(i: number): string | null {
    if (this.#validity !== null && !isSet(this.#validity, i)) return null
    const from = Number(this.#offsets[i]!)
    const to = Number(this.#offsets[i + 1]!)
    if (to - from <= INTERN_MAX) return this.#intern.get(this.#bytes, from, to)
    return this.#bytes.toString(this.#ascii ? 'latin1' : 'utf8', from, to)
  }

  value(i: number): unknown {
    return this.text(i)
  }
}

/** Texts held once each, with an index a cell. */
export class DictionaryColumn implements Column {
  readonly length: number
  readonly #index: ArrayLike<number | bigint>
  readonly #words: Column
  readonly #validity: Validity

  constructor(length: number, index: ArrayLike<number | bigint>, words: Column, validity: Validity) {
    this.length = length
    this.#index = index
    this.#words = words
    this.#validity = validity
  }

  isNull(i: number): boolean {
    return (
      (this.#validity !== null && !isSet(this.#validity, i)) || this.#words.isNull(Number(this.#index[i]!))
    )
  }

  text(i: number): string | null {
    return this.isNull(i) ? null : this.#words.text(Number(this.#index[i]!))
  }

  value(i: number): unknown {
    return this.isNull(i) ? null : this.#words.value(Number(this.#index[i]!))
  }
}
