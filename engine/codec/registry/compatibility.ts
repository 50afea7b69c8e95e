import avsc from 'avsc'
import type { AvroSchema } from '../kind.ts'
import type { Version } from './port.ts'

/** The first version whose records a schema cannot read, and why; null where there is none. */
export function broken(schema: AvroSchema, versions: readonly Version[]): string | null {
  const text = JSON.stringify(schema)
  for (const { version, schema: written } of versions) {
    const why = JSON.stringify(written) === text ? null : incompatibility(schema, written)
    if (why) return `version ${version}: ${why}`
  }
  return null
}

/** What stops a reader with one schema from reading what the other wrote, or null. */
export function incompatibility(reader: AvroSchema, writer: AvroSchema): string | null {
  try {
    avsc.Type.forSchema(reader).createResolver(avsc.Type.forSchema(writer))
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** Whether values of both have the same bytes and names: documentation and defaults do not count. */
export function sameBytes(one: AvroSchema, other: AvroSchema): boolean {
  const canonical = (schema: AvroSchema) => JSON.stringify(avsc.Type.forSchema(schema).schema())
  return JSON.stringify(one) === JSON.stringify(other) || canonical(one) === canonical(other)
}
