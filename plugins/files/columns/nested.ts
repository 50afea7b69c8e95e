import { absent, type Column, isSet, type Validity } from './column.ts'

/** A record; its fields are columns of the same length. */
export class StructColumn implements Column {
  readonly length: number
  readonly #fields: ReadonlyMap<string, Column>
  readonly #validity: Validity

  constructor(length: number, fields: ReadonlyMap<string, Column>, validity: Validity) {
    this.length = length
    this.#fields = fields
    this.#validity = validity
  }

  get names(): readonly string[] {
    return [...this.#fields.keys()]
  }

  /** The field as a column; one of nulls when the record has no such field. */
  field(name: string): Column {
    return this.#fields.get(name) ?? absent(this.length)
  }

  isNull(i: number): boolean {
    return this.#validity !== null && !isSet(this.#validity, i)
  }

  value(i: number): unknown {
    if (this.isNull(i)) return null
    return Object.fromEntries([...this.#fields].map(([name, column]) => [name, column.value(i)]))
  }

  text(i: number): string | null {
    return this.isNull(i) ? null : JSON.stringify(this.value(i))
  }
}

/** A list; the items of cell `i` are `items` from `start(i)` to before `start(i + 1)`. */
export class ListColumn implements Column {
  readonly length: number
  readonly items: Column
  readonly #offsets: Int32Array | BigInt64Array
  readonly #validity: Validity

  constructor(length: number, items: Column, offsets: Int32Array | BigInt64Array, validity: Validity) {
    this.length = length
    this.items = items
    this.#offsets = offsets
    this.#validity = validity
  }

  start(i: number): number {
    return Number(this.#offsets[i]!)
  }

  isNull(i: number): boolean {
    return this.#validity !== null && !isSet(this.#validity, i)
  }

  value(i: number): unknown {
    if (this.isNull(i)) return null
    const out: unknown[] = []
    for (let j = this.start(i); j < this.start(i + 1); j++) out.push(this.items.value(j))
    return out
  }

  text(i: number): string | null {
    return this.isNull(i) ? null : JSON.stringify(this.value(i))
  }
}
