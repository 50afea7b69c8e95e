import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'

/** The repository's root: two folders above the compiled `test/e2e`, and one more. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A file of the real inputs, as a path from the repository's root. */
export const real = (path: string): string => join('..', 'shared', 'data', path)

/** Why a test of a real input is skipped, in one line, or false. */
export const absent = (path: string): string | false =>
  existsSync(join(ROOT, real(path))) ? false : `${real(path)} is not there`

/** Rows of a real CSV file, also a packed one, by the names of its header. */
export function csvRows(path: string): Record<string, string>[] {
  const bytes = readFileSync(join(ROOT, real(path)))
  return parse(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true })
}
