import type { JsonSchema } from '../source/port.ts'
import { alternativesOf } from './pointer.ts'

/**
 * A text (a `--set`, an environment variable) as the value its schema asks for. Text stays text where the schema
 * takes text, so that a password of digits is not a number; what does not fit stays text too and is reported by
 * `validate`. Where the schema says nothing, JSON where it parses.
 */
export function coerce(text: string, schemas: readonly JsonSchema[]): unknown {
  const choices = schemas.flatMap(alternativesOf)
  const listed = choices.flatMap(schema => schema.enum ?? [])
  if (listed.includes(text)) return text
  const types = new Set(choices.flatMap(schema => schema.type ?? []))
  if (types.has('string')) return text
  const parsed = parse(text)
  if (parsed === undefined) return text
  if (types.size === 0 || types.has(typeOf(parsed))) return parsed
  return types.has('number') && typeof parsed === 'number' ? parsed : text
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}
