import type { JsonSchema } from '../source/port.ts'

export type Tree = { [key: string]: unknown }

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const escapeKey = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
const unescapeKey = (key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~')

/** JSON pointer of a path (RFC 6901): `['sink', 'cutRows']` is `/sink/cutRows`. */
export const toPointer = (path: readonly string[]) => path.map(key => `/${escapeKey(key)}`).join('')
export const fromPointer = (pointer: string) => pointer.split('/').slice(1).map(unescapeKey)

/** What is at a path; undefined when nothing is. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Tree)[key]
  }
  return at
}

/** Puts a value at a path, making the objects on the way. False when something else is in the way. */
export function putAt(tree: Tree, path: readonly string[], value: unknown): boolean {
  let at = tree
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(at, key)) at[key] = {}
    const next = at[key]
    if (!isTree(next)) return false
    at = next
  }
  const last = path.at(-1)
  if (last === undefined || (Object.hasOwn(at, last) && isTree(at[last]))) return false
  at[last] = value
  return true
}

/** `over` on top of `under`: objects merge, all else replaces. Undefined is "not set". */
export function merge(under: Tree, over: Tree): Tree {
  const result: Tree = { ...under }
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue
    const below = Object.hasOwn(result, key) ? result[key] : undefined
    result[key] = isTree(value) ? merge(isTree(below) ? below : {}, value) : value
  }
  return result
}

/** A schema and all its alternatives. */
export const alternativesOf = (schema: JsonSchema): JsonSchema[] => [
  schema,
  ...(schema.oneOf ?? []).flatMap(alternativesOf),
]

/** The schemas that may describe a property: of the object itself and of its alternatives. */
export function schemasOf(schema: JsonSchema, key: string): JsonSchema[] {
  return alternativesOf(schema).flatMap(({ properties, additionalProperties: rest }) => {
    const own = properties?.[key]
    if (own) return [own]
    return typeof rest === 'object' ? [rest] : []
  })
}

/** The schemas that may describe the items of an array. */
export const itemSchemasOf = (schema: JsonSchema): JsonSchema[] =>
  alternativesOf(schema).flatMap(({ items }) => (items ? [items] : []))
