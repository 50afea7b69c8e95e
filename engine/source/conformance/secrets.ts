import { redact } from '../../config/index.ts'
import { isSecretName, MASK } from '../../telemetry/redact.ts'
import type { JsonSchema, SourceConfig } from '../port.ts'

/** A secret setting: where it is, and what it holds. */
export interface SecretLeaf {
  readonly path: readonly string[]
  readonly value: string
}

/** The texts of a configuration that its schema marks as secret. */
export function secretLeaves(config: SourceConfig, spec: JsonSchema): SecretLeaf[] {
  return masked(config, redact(config, spec), [])
}

function masked(value: unknown, shown: unknown, path: readonly string[]): SecretLeaf[] {
  if (shown === MASK) return textsOf(value, path)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    masked(inner, (shown as Readonly<Record<string, unknown>>)[key], [...path, key]),
  )
}

function textsOf(value: unknown, path: readonly string[]): SecretLeaf[] {
  if (typeof value === 'string') return value === MASK ? [] : [{ path, value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, [...path, key]))
}

/** A configuration with another value at a path. */
export function withValue(config: SourceConfig, path: readonly string[], value: unknown): SourceConfig {
  const copy = structuredClone(config) as Record<string, unknown>
  let at = copy
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
  at[path.at(-1)!] = value
  return copy
}

/** The credentials a request carries, in its headers and its query. */
export function credentialsIn(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  path: string,
): string[] {
  const found: string[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (!isSecretName(name) && name !== 'authorization') continue
    for (const text of [value].flat()) if (text !== undefined) found.push(text.replace(/^\w+ /, ''))
  }
  const query = path.indexOf('?')
  if (query >= 0)
    for (const [name, value] of new URLSearchParams(path.slice(query + 1)))
      if (isSecretName(name)) found.push(value)
  return found
}

/** How a secret may be written. */
export function formsOf(secret: string): string[] {
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ]
  return [...new Set(forms)]
}
