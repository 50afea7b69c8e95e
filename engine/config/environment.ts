import type { JsonSchema } from '../source/port.ts'
import { coerce } from './coerce.ts'
import { putAt, type Tree, toPointer } from './pointer.ts'
import { didYouMean } from './suggest.ts'

const PREFIX = 'STRATUM_'
/** Read by the program itself, not settings of the engine. */
const RESERVED = new Set(['STRATUM_CONFIG', 'STRATUM_DEBUG'])

export interface FromEnvironment {
  readonly value: Tree
  /** The variable a setting came from, by JSON pointer. */
  readonly names: ReadonlyMap<string, string>
  readonly problems: readonly string[]
}

/**
 * Settings from `STRATUM_*`: `STRATUM_SINK__CUT_ROWS=100` is `/sink/cutRows`, two underscores go one level down,
 * `STRATUM_DATA` is `/dataDir`. An empty variable counts as not set.
 */
export function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  schema: JsonSchema,
): FromEnvironment {
  const known = variables(schema, [])
  known.set('STRATUM_DATA', { path: ['dataDir'], schema: schema.properties?.dataDir ?? {} })
  const value: Tree = {}
  const names = new Map<string, string>()
  const problems: string[] = []
  for (const name of Object.keys(env).sort()) {
    const text = env[name]
    if (!name.startsWith(PREFIX) || RESERVED.has(name) || !text) continue
    const setting = known.get(name)
    if (!setting) {
      problems.push(`environment: ${name} is not a setting${didYouMean(name, [...known.keys()])}`)
      continue
    }
    putAt(value, setting.path, coerce(text, [setting.schema]))
    names.set(toPointer(setting.path), name)
  }
  return { value, names, problems }
}

interface Variable {
  readonly path: readonly string[]
  readonly schema: JsonSchema
}

/** Every setting that is a value, by the name of its variable. */
function variables(schema: JsonSchema, path: readonly string[]): Map<string, Variable> {
  const found = new Map<string, Variable>()
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    const at = [...path, key]
    if (inner.properties) for (const [name, variable] of variables(inner, at)) found.set(name, variable)
    else found.set(PREFIX + at.map(upper).join('__'), { path: at, schema: inner })
  }
  return found
}

const upper = (key: string) => key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
