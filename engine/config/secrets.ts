import type { JsonSchema } from '../source/port.ts'
import { isSecretName, MASK } from '../telemetry/redact.ts'
import { alternativesOf, isTree, itemSchemasOf, schemasOf, toPointer } from './pointer.ts'

/** JSON pointers of the secret settings, `*` for any key or index: `/warehouse/password`, `/accounts/*\/token`. */
export function secretPaths(schema: JsonSchema): string[] {
  return [...new Set(walk(schema, []))]
}

function walk(schema: JsonSchema, path: readonly string[]): string[] {
  if (schema.secret) return [toPointer(path)]
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => walk(inner, [...path, key])),
    ...(typeof schema.additionalProperties === 'object'
      ? walk(schema.additionalProperties, [...path, '*'])
      : []),
    ...(schema.items ? walk(schema.items, [...path, '*']) : []),
    ...(schema.oneOf ?? []).flatMap(alternative => walk(alternative, path)),
  ]
}

/** Whether a schema marks anything in it as secret. */
export const hasSecret = (schema: JsonSchema): boolean => walk(schema, []).length > 0

/**
 * A copy fit to be shown: secret values are masked, and so is what no schema knows but has the name of a secret
 * (a misspelt one). Absent and null stay visible: that a secret is missing is worth seeing.
 */
export function redact(value: unknown, schema: JsonSchema): unknown {
  return redactBy(value, [schema])
}

function redactBy(value: unknown, schemas: readonly JsonSchema[]): unknown {
  if (value === null || value === undefined) return value
  if (schemas.flatMap(alternativesOf).some(schema => schema.secret)) return MASK
  if (Array.isArray(value)) {
    const items = schemas.flatMap(itemSchemasOf)
    return value.map(item => redactBy(item, items))
  }
  if (!isTree(value)) return value
  const entries = Object.entries(value).map(([key, inner]) => {
    const known = schemas.flatMap(schema => schemasOf(schema, key))
    const masked = known.length === 0 && inner !== null && isSecretName(key)
    return [key, masked ? MASK : redactBy(inner, known)]
  })
  return Object.fromEntries(entries)
}
