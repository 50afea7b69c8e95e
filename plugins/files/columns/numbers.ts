import type { Column, Validity } from './column.ts'
import { isSet } from './column.ts'

/** 64-bit integers, read as two halves: a BigInt a cell would cost more than all the rest. */
export class Int64Column implements Column {
  readonly length: number
  readonly #halves: Int32Array
  readonly #validity: Validity
  readonly #signed: boolean

  constructor(values: BigInt64Array | BigUint64Array, validity: Validity) {
    this.length = values.length
    this.#halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
    this.#validity = validity
    this.#signed = values instanceof BigInt64Array
  }

  isNull(i: number): boolean {
    return this.#validity !== null && !isSet(this.#validity, i)
  }

  value(i: number): number | string | null {
    if (this.#validity !== null && !isSet(this.#validity, i)) return null
    const low = this.#halves[i * 2]! >>> 0
    const high = this.#halves[i * 2 + 1]!
    if (high < 0x200000 && high >= -0x200000) return high * 0x100000000 + low
    const whole = (BigInt(this.#signed ? high : high >>> 0) << 32n) | BigInt(low)
    return String(whole)
  }

  text(i: number): string | null {
    const value = this.value(i)
    return typeof value === 'number' ? String(value) : value
  }
}

/** Every other number: integers up to 32 bits and floats. */
export class NumberColumn implements Column {
  readonly length: number
  readonly #values: ArrayLike<number>
  readonly #validity: Validity

  constructor(values: ArrayLike<number>, validity: Validity) {
    this.length = values.length
    this.#values = values
    this.#validity = validity
  }

  isNull(i: number): boolean {
    return this.#validity !== null && !isSet(this.#validity, i)
  }

  value(i: number): number | null {
    return this.isNull(i) ? null : this.#values[i]!
  }

  text(i: number): string | null {
    return this.isNull(i) ? null : String(this.#values[i]!)
  }
}

/** A column whose cells another one holds in a different unit or type. */
export class MappedColumn implements Column {
  readonly length: number
  readonly #inner: Column
  readonly #map: (value: unknown) => string | number | boolean

  constructor(inner: Column, map: (value: unknown) => string | number | boolean) {
    this.length = inner.length
    this.#inner = inner
    this.#map = map
  }

  isNull(i: number): boolean {
    return this.#inner.isNull(i)
  }

  value(i: number): unknown {
    return this.#inner.isNull(i) ? null : this.#map(this.#inner.value(i))
  }

  text(i: number): string | null {
    return this.#inner.isNull(i) ? null : String(this.#map(this.#inner.value(i)))
  }
}

export class BoolColumn implements Column {
  readonly length: number
  readonly #bits: Uint8Array
  readonly #validity: Validity

  constructor(length: number, bits: Uint8Array, validity: Validity) {
    this.length = length
    this.#bits = bits
    this.#validity = validity
  }

  isNull(i: number): boolean {
    return this.#validity !== null && !isSet(this.#validity, i)
  }

  value(i: number): boolean | null {
    return this.isNull(i) ? null : isSet(this.#bits, i)
  }

  text(i: number): string | null {
    return this.isNull(i) ? null : String(isSet(this.#bits, i))
  }
}
