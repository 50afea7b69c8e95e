import { type Fit, fitOf } from './fit.ts'
import type { ColumnSpec, ColumnType } from './table.ts'

/**
 * Blocks in ClickHouse's Native format: for each column its name, its type, then all its values. Columns marked
 * LowCardinality travel as their plain type and are converted by the server.
 */
export class NativeBlock {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly #specs: readonly ColumnSpec[]
  readonly #fits: readonly Fit[]
  readonly #writers: readonly ColumnWriter[]
  #rows = 0

  /** `origin` columns come after the others; their values are given with each row. */
  constructor(specs: readonly ColumnSpec[], origin: readonly ColumnSpec[] = []) {
    this.#specs = specs
    this.#fits = specs.map(fitOf)
    const all = [...specs, ...origin]
    this.#writers = all.map(s => writerOf(s.type))
    this.columns = all.map(s => ({ name: s.name, type: wireType(s.type) }))
  }

  get rows(): number {
    return this.#rows
  }

  get bytes(): number {
    let n = 0
    for (const w of this.#writers) n += w.bytes
    return n
  }

  /** RangeError when a value does not fit its column; the block is then unchanged. */
  append(record: Readonly<Record<string, unknown>>, origin: readonly unknown[] = []): void {
    const specs = this.#specs
    const values = specs.map(({ name, value }, i) => this.#fits[i]!(value ? value(record) : record[name]))
    for (let i = 0; i < values.length; i++) this.#writers[i]!.push(values[i])
    for (let i = 0; i < origin.length; i++) this.#writers[specs.length + i]!.push(origin[i])
    this.#rows++
  }

  finish(): Buffer {
    const head = new Bytes(64)
    head.uint(this.columns.length)
    head.uint(this.#rows)
    const parts: Buffer[] = [head.done()]
    this.columns.forEach(({ name, type }, i) => {
      const h = new Bytes(64)
      h.text(name)
      h.text(type)
      parts.push(h.done(), ...this.#writers[i]!.finish())
    })
    return Buffer.concat(parts)
  }
}

/** The type a column travels as. */
export function wireType(type: ColumnType): string {
  return type.replace(/LowCardinality\(((?:[^()]|\([^()]*\))*)\)/g, '$1')
}

interface ColumnWriter {
  readonly bytes: number
  push(value: unknown): void
  finish(): Buffer[]
}

function writerOf(type: ColumnType): ColumnWriter {
  const wire = wireType(type)
  const inner = /^Nullable\((.*)\)$/.exec(wire)?.[1]
  if (inner) return new NullableColumn(plain(inner))
  return plain(wire)
}

function plain(wire: string): ColumnWriter {
  if (wire === 'String') return new StringColumn()
  if (wire === 'Bool') return new FixedColumn(1, (b, v, at) => b.writeUInt8(v ? 1 : 0, at))
  if (wire === 'UInt32') return new FixedColumn(4, (b, v, at) => b.writeUInt32LE(v as number, at))
  if (wire === 'Date') return new FixedColumn(2, (b, v, at) => b.writeUInt16LE(v as number, at))
  if (wire === 'Int64' || wire === 'UInt64' || wire.startsWith('DateTime64') || wire.startsWith('Decimal'))
    return new FixedColumn(8, writeInt64)
  if (wire === 'Float64') return new FixedColumn(8, (b, v, at) => b.writeDoubleLE(v as number, at))
  if (wire.startsWith('Map(')) return new MapColumn(plain(/^Map\(String, (.*)\)$/.exec(wire)![1]!))
  if (wire.startsWith('Array(')) return new ArrayColumn(plain(/^Array\((.*)\)$/.exec(wire)![1]!))
  throw new TypeError(`no native writer for ${wire}`)
}

const TWO_32 = 2 ** 32

/** Integers up to 2^53 without BigInt: low word, then high word with its sign. */
function writeInt64(b: Buffer, value: unknown, at: number): void {
  const n = value as number
  const high = Math.floor(n / TWO_32)
  b.writeUInt32LE(n - high * TWO_32, at)
  b.writeInt32LE(high, at + 4)
}

class FixedColumn implements ColumnWriter {
  readonly #size: number
  readonly #write: (b: Buffer, value: unknown, at: number) => void
  #buf: Buffer
  #at = 0
  constructor(size: number, write: (b: Buffer, value: unknown, at: number) => void) {
    this.#size = size
    this.#write = write
    this.#buf = Buffer.allocUnsafe(size * 1024)
  }
  get bytes() {
    return this.#at
  }
  push(value: unknown) {
    if (this.#at === this.#buf.length) this.#buf = Buffer.concat([this.#buf], this.#buf.length * 2)
    this.#write(this.#buf, value ?? 0, this.#at)
    this.#at += this.#size
  }
  finish() {
    return [this.#buf.subarray(0, this.#at)]
  }
}

class StringColumn implements ColumnWriter {
  readonly #bytes = new Bytes(16 * 1024)
  get bytes() {
    return this.#bytes.length
  }
  push(value: unknown) {
    this.#bytes.text(value === null || value === undefined ? '' : (value as string))
  }
  finish() {
    return [this.#bytes.done()]
  }
}

class NullableColumn implements ColumnWriter {
  readonly #nulls = new FixedColumn(1, (b, v, at) => b.writeUInt8(v as number, at))
  readonly #values: ColumnWriter
  constructor(values: ColumnWriter) {
    this.#values = values
  }
  get bytes() {
    return this.#nulls.bytes + this.#values.bytes
  }
  push(value: unknown) {
    const isNull = value === null || value === undefined
    this.#nulls.push(isNull ? 1 : 0)
    this.#values.push(value)
  }
  finish() {
    return [...this.#nulls.finish(), ...this.#values.finish()]
  }
}

class ArrayColumn implements ColumnWriter {
  readonly #ends = new FixedColumn(8, writeInt64)
  readonly #values: ColumnWriter
  #count = 0
  constructor(values: ColumnWriter) {
    this.#values = values
  }
  get bytes() {
    return this.#ends.bytes + this.#values.bytes
  }
  push(value: unknown) {
    for (const v of value as readonly unknown[]) this.#values.push(v)
    this.#count += (value as readonly unknown[]).length
    this.#ends.push(this.#count)
  }
  finish() {
    return [...this.#ends.finish(), ...this.#values.finish()]
  }
}

/** Given keys and values in turn. */
class MapColumn implements ColumnWriter {
  readonly #ends = new FixedColumn(8, writeInt64)
  readonly #keys = new StringColumn()
  readonly #values: ColumnWriter
  #count = 0
  constructor(values: ColumnWriter) {
    this.#values = values
  }
  get bytes() {
    return this.#ends.bytes + this.#keys.bytes + this.#values.bytes
  }
  push(value: unknown) {
    const entries = value as readonly unknown[]
    for (let i = 0; i < entries.length; i += 2) {
      this.#keys.push(entries[i])
      this.#values.push(entries[i + 1])
    }
    this.#count += entries.length / 2
    this.#ends.push(this.#count)
  }
  finish() {
    return [...this.#ends.finish(), ...this.#keys.finish(), ...this.#values.finish()]
  }
}

/** A growing buffer of LEB128 integers and texts. */
class Bytes {
  #buf: Buffer
  #at = 0
  constructor(size: number) {
    this.#buf = Buffer.allocUnsafe(size)
  }
  get length() {
    return this.#at
  }
  uint(n: number) {
    this.#room(5)
    while (n > 127) {
      this.#buf[this.#at++] = (n & 127) | 128
      n = Math.floor(n / 128)
    }
    this.#buf[this.#at++] = n
  }
  text(s: string) {
    this.#room(5 + s.length * 3)
    if (s.length < 128) {
      const written = this.#buf.write(s, this.#at + 1)
      if (written < 128) {
        this.#buf[this.#at] = written
        this.#at += 1 + written
        return
      }
    }
    this.uint(Buffer.byteLength(s))
    this.#at += this.#buf.write(s, this.#at)
  }
  #room(n: number) {
    if (this.#at + n <= this.#buf.length) return
    this.#buf = Buffer.concat([this.#buf.subarray(0, this.#at)], Math.max(this.#buf.length * 2, this.#at + n))
  }
  done() {
    return this.#buf.subarray(0, this.#at)
  }
}
