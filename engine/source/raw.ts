import { hash } from 'node:crypto'
import type { Codec } from '../codec/codec.ts'
import { avroFromJsonSchema } from '../codec/from-json-schema.ts'
import type { AvroSchema, Kind } from '../codec/kind.ts'
import type { LogRecord } from '../log/port.ts'
import { KEY_SEPARATOR } from '../log/tenant.ts'
import type { StreamSpec } from './port.ts'

/** A record as a connector read it, with what the harness adds. */
export interface RawRecord<T = Readonly<Record<string, unknown>>> {
  readonly tenant_id: string
  readonly connection: string
  readonly source: string
  readonly ingest_time: number
  readonly data: T
}

export const rawKindName = (source: string, stream: string): string =>
  `raw_${source}_${stream}`.replace(/[^A-Za-z0-9_]/g, '_')

/** The kind of a stream's raw records; its Avro schema follows from the stream's JSON Schema. */
export function rawKind(source: string, stream: StreamSpec): Kind<RawRecord> {
  const name = rawKindName(source, stream.name)
  const fields = [
    { name: 'tenant_id', type: 'string' },
    { name: 'connection', type: 'string' },
    { name: 'source', type: 'string' },
    { name: 'ingest_time', type: 'long' },
    { name: 'data', type: avroFromJsonSchema(stream.schema, name.replace(/^raw_/, '')) },
  ]
  return {
    name,
    schema: { type: 'record', name, namespace: 'stratum', fields } as unknown as AvroSchema,
    fields: fields.map(f => f.name),
  }
}

/** Key of every record of a connection. */
export const connectionKey = (tenant: string, connection: string): Buffer =>
  Buffer.from(`${tenant}${KEY_SEPARATOR}${connection}`)

/** Stands for a person's identifier that is no text, in whatever is said or kept of it. */
const NOT_SHOWN = 'a value that is not shown'
const WITHHELD = Object.freeze({ toString: () => NOT_SHOWN, toJSON: () => NOT_SHOWN })

export interface RawWriterOptions {
  readonly codec: Codec
  readonly source: string
  readonly stream: StreamSpec
  readonly tenant: string
  readonly connection: string
}

/** Makes log records of a stream's rows. Identifiers of people are replaced by pseudonyms here, before anything is stored. */
export class RawEncoder {
  readonly #o: RawWriterOptions
  readonly #kind: Kind<RawRecord>
  readonly #key: Buffer
  readonly #personal: readonly (readonly [name: string, address: Address | null])[]
  readonly #hashes = new Map<string, string>()

  constructor(options: RawWriterOptions) {
    this.#o = options
    this.#kind = rawKind(options.source, options.stream)
    this.#key = connectionKey(options.tenant, options.connection)
    this.#personal = Object.entries(options.stream.schema.properties ?? {})
      .filter(([, s]) => s.pseudonymise)
      .map(([name, { pseudonymise: as }]) => [name, typeof as === 'string' ? as : null] as const)
  }

  /** The log record, or the reason why the row cannot be one. */
  encode(row: Readonly<Record<string, unknown>>, time: number): LogRecord | { refused: string } {
    const { codec, source, stream, tenant, connection } = this.#o
    const data: Readonly<Record<string, unknown>> = this.#pseudonymise(row)
    const missing = stream.primaryKey.find(name => data[name] === undefined)
    if (missing !== undefined)
      return { refused: `${stream.name}: the primary key field ${missing} is missing` }
    const record: RawRecord = { tenant_id: tenant, connection, source, ingest_time: time, data }
    try {
      return { key: this.#key, value: codec.encode(this.#kind, record), time }
    } catch {
      return {
        refused: `${stream.name}: ${codec.refusal(this.#kind, record)?.replace(/^data\./, '') ?? 'does not match its schema'}`,
      }
    }
  }

  /** What tells a row from others of its stream, people by their pseudonyms. */
  nameOf(row: Readonly<Record<string, unknown>>): string {
    const data = this.#pseudonymise(row)
    return this.#o.stream.primaryKey.map(name => data[name] ?? '').join(KEY_SEPARATOR)
  }

  /** A row as JSON for its dead letter, people by their pseudonyms; null for one that JSON cannot hold. */
  shown(row: Readonly<Record<string, unknown>>): Buffer | null {
    try {
      const big = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
      return Buffer.from(JSON.stringify(this.#pseudonymise(row), big))
    } catch {
      return null
    }
  }

  #pseudonymise(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    if (this.#personal.length === 0) return row
    const copy = { ...row }
    for (const [name, address] of this.#personal) {
      const value = copy[name]
      if (typeof value === 'string') copy[name] = this.#hash(value, address)
      // Its schema refuses it; the reason quotes this and not the value.
      else if (value !== null && value !== undefined) copy[name] = WITHHELD
    }
    return copy
  }

  #hash(value: string, address: Address | null): string {
    const { tenant, source } = this.#o
    const name = address === null ? value : `${address}\x1f${value}`
    let hashed = this.#hashes.get(name)
    if (hashed === undefined) {
      hashed =
        address === null
          ? pseudonym(tenant, source, value)
          : addressPseudonym(tenant, address, hash('sha256', value, 'hex'))
      if (this.#hashes.size > 20_000) this.#hashes.clear()
      this.#hashes.set(name, hashed)
    }
    return hashed
  }
}

/** What people are written to by, whichever source it comes from. */
type Address = 'email' | 'phone'

/**
 * An address as the tenant's own pseudonym: of its SHA-256, because some senders give that and not the address; 128
 * bits, hex.
 */
export function addressPseudonym(tenant: string, address: Address, sha256: string): string {
  return pseudonym(tenant, address, sha256)
}

/** A person's identifier of one source, as the tenant's own pseudonym: 128 bits of SHA-256, hex. */
export function pseudonym(tenant: string, source: string, value: string): string {
  return hash('sha256', `${tenant}\x1f${source}\x1f${value}`, 'hex').slice(0, 32)
}
