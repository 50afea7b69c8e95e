import { StratumError } from '../errors.ts'
import type { JsonSchema } from '../source/port.ts'
import { coerce } from './coerce.ts'
import { putAt, schemasOf, type Tree } from './pointer.ts'

/**
 * `['path=spend.csv', 'auth.retries=3']` as an object. A dot goes one level down; `\.` is a dot in a name. Values
 * become what `schema` asks for; a schema left out: text. `merge(fileValue, parseSets(…))` lays them over a file.
 * @throws StratumError USAGE
 */
export function parseSets(sets: readonly string[], schema?: JsonSchema): Tree {
  const tree: Tree = {}
  for (const set of sets) {
    const equals = set.indexOf('=')
    const name = set.slice(0, equals).trim()
    if (equals < 1)
      throw new StratumError('USAGE', `--set ${set} must be written key=value, as in --set path=spend.csv`)
    const path = pathOf(name, '--set')
    const text = set.slice(equals + 1)
    const value = schema ? coerce(text, schemasAt(schema, path)) : text
    if (!putAt(tree, path, value))
      throw new StratumError(
        'USAGE',
        `--set ${name} sets both a value and something inside it: keep one of them`,
      )
  }
  return tree
}

/** `['composite.pass']` as an object in which each of them is null. @throws StratumError USAGE */
export function parseUnsets(names: readonly string[]): Tree {
  const tree: Tree = {}
  for (const name of names)
    if (!putAt(tree, pathOf(name, '--unset'), null))
      throw new StratumError(
        'USAGE',
        `--unset ${name} takes back both a value and something inside it: keep one of them`,
      )
  return tree
}

function pathOf(name: string, flag: string): string[] {
  const path = name.split(/(?<!\\)\./).map(key => key.replaceAll('\\.', '.'))
  if (path.includes('__proto__')) throw new StratumError('USAGE', `${flag} ${name}: there is no such setting`)
  if (path.includes(''))
    throw new StratumError(
      'USAGE',
      `${flag} ${name}: a part of its name is empty: write it as composite.pass, one dot between two names`,
    )
  return path
}

function schemasAt(schema: JsonSchema, path: readonly string[]): JsonSchema[] {
  return path.reduce<JsonSchema[]>((at, key) => at.flatMap(inner => schemasOf(inner, key)), [schema])
}
