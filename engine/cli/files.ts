import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, StratumError } from '../errors.ts'

/** What people write is a page or two. */
const MOST_BYTES = 1 << 20
const MOST_FILES = 100_000
const PASSED_OVER = new Set(['node_modules', 'dist'])

/**
 * The text of a file.
 * @throws CONFIG_INVALID: why not, without its path
 */
export function readText(path: string): string {
  const no = (why: string, cause?: unknown) => new StratumError('CONFIG_INVALID', why, { cause })
  try {
    const { size, isFile } = about(path)
    // A pipe or a device would never end.
    if (!isFile) throw no('is no file')
    if (size > MOST_BYTES) throw no(`has ${size} bytes; ${MOST_BYTES} are the most`)
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    if (error instanceof StratumError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw no('there is no such file', error)
    throw no(
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? 'is no text in UTF-8'
        : `cannot be read: ${messageOf(error)}`,
      error,
    )
  }
}

function about(path: string): { readonly size: number; readonly isFile: boolean } {
  const found = statSync(path)
  return { size: found.size, isFile: found.isFile() }
}

export interface Found {
  readonly path: string
  /** It was named itself, and not found below a folder. */
  readonly isNamed: boolean
}

/**
 * The files that are named, and all YAML and JSON below the folders that are; none: below the current one. Hidden folders,
 * `node_modules` and `dist` are passed over, and no link is followed.
 */
export function* filesOf(named: readonly string[]): Generator<Found> {
  let left = MOST_FILES
  for (const path of named.length === 0 ? ['.'] : named) {
    if (!isFolder(path)) {
      yield { path, isNamed: true }
      continue
    }
    for (const below of walk(path)) {
      if (left-- === 0)
        throw new StratumError('USAGE', `there are more than ${MOST_FILES} files below ${path}: name some`)
      if (/\.(ya?ml|json)$/.test(below)) yield { path: below, isNamed: false }
    }
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

function* walk(folder: string): Generator<string> {
  let entries: import('node:fs').Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    process.stderr.write(`${folder}: passed over: ${messageOf(error)}\n`)
    return
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = folder === '.' ? entry.name : join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && !PASSED_OVER.has(entry.name)) yield* walk(path)
    } else if (entry.isFile()) yield path
  }
}
