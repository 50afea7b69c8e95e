import type { schema as avro } from 'avsc'

export type AvroSchema = avro.AvroSchema

/** What every value in a topic carries (design §5). Times are UTC microseconds. */
export interface BaseRecord {
  readonly tenant_id: string
  /** Deterministic: the same fact has the same id on every run. The deduplication key. */
  readonly event_id: string
  readonly event_time: number
  /** Set once, by the connector that read it; what follows from a record inherits it. */
  readonly ingest_time: number
}

/**
 * A kind of record: its name is the Avro record name and the registry subject, so one topic can carry several.
 * The type parameter is the shape of a value; the schema is what is written.
 */
export interface Kind<T extends object = object> {
  readonly name: string
  readonly schema: AvroSchema
  readonly fields: readonly string[]
  /** Phantom: carries the value type. */
  readonly _value?: T
}

export interface AvroField {
  readonly name: string
  readonly type: AvroSchema
  readonly default?: unknown
  readonly doc?: string
}

const BASE: readonly AvroField[] = [
  { name: 'tenant_id', type: 'string' },
  { name: 'event_id', type: 'string' },
  { name: 'event_time', type: 'long', doc: 'UTC microseconds' },
  { name: 'ingest_time', type: 'long', doc: 'UTC microseconds' },
]

/** A kind whose values extend BaseRecord. */
export function defineKind<T extends BaseRecord>(
  name: string,
  fields: readonly AvroField[],
  doc?: string,
): Kind<T> {
  const all = [...BASE, ...fields]
  return {
    name,
    schema: {
      type: 'record',
      name,
      namespace: 'stratum',
      ...(doc ? { doc } : {}),
      fields: all,
    } as AvroSchema,
    fields: all.map(f => f.name),
  }
}

/** Short forms for fields; a nullable field defaults to null so that it can be added later. */
export const nullable = (type: string): AvroSchema => ['null', type] as unknown as AvroSchema
export const field = (name: string, type: AvroSchema, doc?: string): AvroField => ({
  name,
  type,
  ...(Array.isArray(type) && (type as unknown[])[0] === 'null' ? { default: null } : {}),
  ...(doc ? { doc } : {}),
})
