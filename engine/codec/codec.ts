import avsc, { type Type } from 'avsc'
import { StratumError } from '../errors.ts'
import type { AvroSchema, Kind } from './kind.ts'
import { exactLong } from './long.ts'
import { sameBytes } from './registry/compatibility.ts'
import type { SchemaRegistry } from './registry/port.ts'

/** A decoded value and the name of its kind. */
export interface Decoded {
  readonly kind: string
  readonly value: Readonly<Record<string, unknown>>
}

const SLAB = 1 << 18
const HEADER = 5

/** Values to bytes and back, in the Confluent wire format: 0, schema id (u32 big-endian), Avro. */
export class Codec {
  readonly #registry: SchemaRegistry
  readonly #writers = new Map<string, { id: number; type: Type }>()
  readonly #kinds = new Map<string, Kind>()
  #slab = Buffer.allocUnsafe(SLAB)
  #at = 0

  constructor(registry: SchemaRegistry) {
    this.#registry = registry
  }

  /** Makes a kind known. Writing and reading need it; SCHEMA_INCOMPATIBLE when it breaks what is stored. */
  async register(kind: Kind): Promise<void> {
    const id = await this.#registry.register(kind.name, kind.schema)
    this.#writers.set(kind.name, { id, type: typeOf(kind.schema) })
    this.#kinds.set(kind.name, kind)
  }

  /** Bytes of a value. They lie in a shared slab that is never written twice. */
  encode<T extends object>(kind: Kind<T>, value: T): Buffer {
    const writer = this.#writers.get(kind.name)
    if (!writer) throw new StratumError('SCHEMA_UNKNOWN', `Kind ${kind.name} is not registered.`)
    let end = this.#tryEncode(writer, value)
    if (end < 0) {
      const size = Math.max(SLAB, 2 * (HEADER + writer.type.toBuffer(value).length))
      this.#slab = Buffer.allocUnsafe(size)
      this.#at = 0
      end = this.#tryEncode(writer, value)
    }
    const out = this.#slab.subarray(this.#at, end)
    this.#at = end
    return out
  }

  #tryEncode(writer: { id: number; type: Type }, value: object): number {
    if (this.#at + HEADER > this.#slab.length) return -1
    this.#slab[this.#at] = 0
    this.#slab.writeUInt32BE(writer.id, this.#at + 1)
    return writer.type.encode(value, this.#slab, this.#at + HEADER)
  }

  /** The path and reason of the first value the kind's schema refuses, or null when it takes all. */
  refusal<T extends object>(kind: Kind<T>, value: T): string | null {
    let found: string | null = null
    this.#writers.get(kind.name)!.type.isValid(value, {
      errorHook(path: string[], any: unknown, type: Type) {
        found ??= `${path.join('.') || 'record'} must be ${describe(type)}, got ${preview(any)}`
      },
    })
    return found
  }

  /** A reader of every registered kind; `only` narrows kinds to the fields somebody reads. */
  reader(only: Readonly<Record<string, readonly string[]>> = {}): Reader {
    return new Reader(this.#registry, this.#kinds, kind => only[kind])
  }

  /** A reader of some fields only, whichever of them a kind has. */
  projection(fields: readonly string[]): Reader {
    return new Reader(this.#registry, this.#kinds, () => fields)
  }
}

/** How values of a schema's id are read. */
interface Prepared {
  readonly id: number
  readonly kind: string
  readonly type: Type
  readonly resolver: unknown
}

export class Reader {
  readonly #registry: SchemaRegistry
  readonly #kinds: ReadonlyMap<string, Kind>
  readonly #only: (kind: string) => readonly string[] | undefined
  readonly #byId = new Map<number, Prepared>()
  /** Mostly a record is written as the one before it. */
  #last: Prepared = { id: -1, kind: '', type: typeOf('null'), resolver: undefined }

  constructor(
    registry: SchemaRegistry,
    kinds: ReadonlyMap<string, Kind>,
    only: (kind: string) => readonly string[] | undefined,
  ) {
    this.#registry = registry
    this.#kinds = kinds
    this.#only = only
  }

  /**
   * Makes the schemas of values known before they are decoded, as far as the registry has them: what another process
   * or release has written may have one that this one has not met. Nothing to wait for: undefined.
   * STORE_UNAVAILABLE when the registry is away.
   */
  ready(records: readonly { readonly value: Buffer | null }[]): Promise<void> | undefined {
    let last = this.#last.id
    let unknown: Set<number> | undefined
    for (const { value } of records) {
      if (value === null || value.length < HEADER || value[0] !== 0) continue
      const id = value.readUInt32BE(1)
      if (id === last) continue
      last = id
      if (this.#byId.has(id) || this.#registry.has(id)) continue
      unknown ??= new Set()
      unknown.add(id)
    }
    return unknown && this.#registry.learn([...unknown])
  }

  /** Name of the kind without decoding the value. */
  kindOf(bytes: Buffer): string {
    return this.#entry(bytes).kind
  }

  /** RECORD_INVALID when the bytes are not what their schema says. */
  decode(bytes: Buffer): Decoded {
    const { kind, type, resolver } = this.#entry(bytes)
    try {
      const decoded = type.decode(bytes, HEADER, resolver as never)
      if (decoded.offset === -1) throw new Error('the bytes end early')
      if (decoded.offset !== bytes.length) throw new Error('bytes are left over')
      return { kind, value: decoded.value as Readonly<Record<string, unknown>> }
    } catch (error) {
      throw new StratumError(
        'RECORD_INVALID',
        `A ${kind} record cannot be decoded: ${(error as Error).message}`,
        { cause: error },
      )
    }
  }

  #entry(bytes: Buffer): Prepared {
    if (bytes.length < HEADER || bytes[0] !== 0)
      throw new StratumError(
        'RECORD_INVALID',
        'The value is not in the Confluent wire format (its first byte must be 0).',
      )
    const id = bytes.readUInt32BE(1)
    if (id !== this.#last.id) this.#last = this.#byId.get(id) ?? this.#prepare(id)
    return this.#last
  }

  #prepare(id: number): Prepared {
    const written = this.#registry.byId(id)
    const writer = typeOf(written)
    // A registry may have put the namespace into the name.
    const name = writer.typeName === 'record' ? writer.name?.replace(/^.*\./, '') : undefined
    if (name === undefined)
      throw new StratumError('RECORD_INVALID', `Schema ${id} is of ${writer.typeName}, not of a record.`)
    const readSchema = narrow(this.#kinds.get(name)?.schema ?? written, this.#only(name))
    const type = typeOf(readSchema)
    const resolver = sameBytes(readSchema, written) ? undefined : type.createResolver(writer)
    const entry = { id, kind: name, type, resolver }
    this.#byId.set(id, entry)
    return entry
  }
}

function narrow(schema: AvroSchema, fields: readonly string[] | undefined): AvroSchema {
  if (!fields) return schema
  const record = schema as unknown as { fields: { name: string }[] }
  return { ...record, fields: record.fields.filter(f => fields.includes(f.name)) } as unknown as AvroSchema
}

function typeOf(schema: AvroSchema): Type {
  return avsc.Type.forSchema(schema, { registry: { long: exactLong } })
}

function describe(type: Type): string {
  const name = (type as unknown as { typeName: string }).typeName
  return name === 'long' ? 'an integer' : name.replace(/^union:.*/, 'one of its types or null')
}

function preview(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : String(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
