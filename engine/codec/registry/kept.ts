import type { AvroSchema } from '../kind.ts'
import type { Kept } from './api.ts'

/** What a registry has that cannot be read here, and why. */
export interface None {
  readonly why: string
}

export const isNone = (schema: AvroSchema | None): schema is None =>
  typeof schema === 'object' && 'why' in schema

/** The Avro schema a registry keeps. */
export function avroOf({ schema, schemaType = 'AVRO', references = [] }: Kept): AvroSchema | None {
  if (schemaType !== 'AVRO') return { why: `it is one of ${schemaType}, and records here are Avro` }
  if (references.length > 0)
    return { why: 'it refers to other schemas, which those of records here never do' }
  try {
    return JSON.parse(schema) as AvroSchema
  } catch {
    return { why: 'what the registry has of it is no JSON' }
  }
}
