import { StratumError } from '../../engine/errors.ts'
import { csvRows } from '../csv-rows.ts'
import { COLUMNS, type Column, pathRowOf } from './model/path-row.ts'
import type { PathRow } from './model/paths.ts'

const REQUIRED: readonly Column[] = ['path', 'total_conversions']

/** The rows of a path file, in its order. @throws NOT_FOUND · RECORD_INVALID: says file and line */
export async function readPaths(file: string, signal: AbortSignal): Promise<PathRow[]> {
  const found: PathRow[] = []
  let hasHeader = false
  const seen = (names: readonly string[]) => {
    hasHeader = true
    const twice = COLUMNS.find(name => names.indexOf(name) !== names.lastIndexOf(name))
    return twice === undefined ? null : `the column ${twice} is there twice`
  }
  for await (const row of csvRows(file, REQUIRED, signal, seen))
    try {
      found.push(pathRowOf(row.record))
    } catch (error) {
      throw error instanceof RangeError ? row.bad(error.message) : error
    }
  if (found.length > 0) return found
  throw new StratumError(
    'RECORD_INVALID',
    hasHeader
      ? `${file} has no paths below its header`
      : `${file} is empty: it begins with the line ${COLUMNS.slice(0, 4).join()}`,
  )
}
