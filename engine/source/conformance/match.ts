import { validate } from '../../config/index.ts'
import { messageOf } from '../../errors.ts'
import type { JsonSchema, StreamSpec } from '../port.ts'
import type { Row } from './compare.ts'

/** What the log would take and the schema does not allow: a field that is not declared would be lost silently. */
export function mismatch(stream: StreamSpec, row: Row): string | null {
  try {
    validate(closed(stream.schema), plain(row), stream.name)
    return null
  } catch (error) {
    return messageOf(error)
  }
}

const closures = new WeakMap<JsonSchema, JsonSchema>()

function closed(schema: JsonSchema): JsonSchema {
  if (schema.additionalProperties !== undefined || !schema.properties) return schema
  let made = closures.get(schema)
  if (!made) {
    made = { ...schema, additionalProperties: false }
    closures.set(schema, made)
  }
  return made
}

/** Without what is undefined: it is not there. */
const plain = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
