import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { messageOf, StratumError } from '../errors.ts'
import { isTree, type Tree, toPointer } from './pointer.ts'

/**
 * What is in a YAML or JSON file (JSON is YAML). An empty file is null. `.nan`, `.inf` and what is too large for a number
 * are refused: no setting takes them, and JSON would make them null.
 * @throws StratumError CONFIG_INVALID with file, line and what is wrong there
 */
export function readConfigFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const why = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code ?? messageOf(cause)})`
    throw new StratumError('CONFIG_INVALID', `${file}: ${why}`, { cause })
  }
  const document = parseDocument(text, { prettyErrors: false })
  const error = document.errors[0]
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length
    throw new StratumError('CONFIG_INVALID', `${file} line ${line}: ${error.message}`, { cause: error })
  }
  let value: unknown
  try {
    value = document.toJS()
  } catch (cause) {
    throw new StratumError('CONFIG_INVALID', `${file}: ${messageOf(cause)}`, { cause })
  }
  const path = notFinite(value)
  if (path !== null)
    throw new StratumError(
      'CONFIG_INVALID',
      `${file}: ${toPointer(path)} is no finite number; leave out what is not known`,
    )
  return value
}

/** Where a number is none, or infinite; null: nowhere. */
function notFinite(value: unknown, path: readonly string[] = []): readonly string[] | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : path
  if (typeof value !== 'object' || value === null) return null
  for (const [name, inner] of Object.entries(value)) {
    const found = notFinite(inner, [...path, name])
    if (found !== null) return found
  }
  return null
}

/**
 * A settings file: a map, empty where the file is. `sink:` with all its lines commented out is null in YAML; no
 * setting takes null, so it means "not set".
 * @throws StratumError CONFIG_INVALID
 */
export function readConfigMap(file: string): Tree {
  const value = withoutNulls(readConfigFile(file) ?? {})
  if (!isTree(value))
    throw new StratumError(
      'CONFIG_INVALID',
      `${file}: must be a map of settings, as in "api: { port: 8000 }"`,
    )
  return value
}

function withoutNulls(value: unknown): unknown {
  if (!isTree(value)) return value
  const kept = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]))
}
