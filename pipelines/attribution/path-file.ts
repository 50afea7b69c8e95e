import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { StratumError } from '../../engine/errors.ts'
import { COLUMNS, type Column, pathRowOf } from './model/path-row.ts'
import type { PathRow } from './model/paths.ts'

const REQUIRED: readonly Column[] = ['path', 'total_conversions']

/** The rows of a path file, in its order. @throws NOT_FOUND · RECORD_INVALID: says file and line */
export async function readPaths(file: string, signal: AbortSignal): Promise<PathRow[]> {
  const found: PathRow[] = []
  let columns: readonly string[] = []
  const rows = createReadStream(file, { signal })
    .on('error', error => rows.destroy(error))
    .pipe(
      parse({
        bom: true,
        columns: names => {
          columns = header(names as string[], file)
          return columns as string[]
        },
        info: true,
        skip_empty_lines: true,
      }),
    )
  try {
    for await (const { record, info } of rows as AsyncIterable<{
      record: Partial<Record<Column, string>>
      info: { lines: number }
    }>) {
      try {
        found.push(pathRowOf(record))
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        throw new StratumError('RECORD_INVALID', `${file}, line ${info.lines}: ${error.message}`)
      }
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new StratumError('NOT_FOUND', `there is no file ${file}`)
    if (code?.startsWith('CSV_')) throw new StratumError('RECORD_INVALID', `${file}: ${message}`)
    throw error
  }
  if (found.length > 0) return found
  throw new StratumError(
    'RECORD_INVALID',
    columns.length === 0
      ? `${file} is empty: it begins with the line ${COLUMNS.slice(0, 4).join()}`
      : `${file} has no paths below its header`,
  )
}

function header(names: readonly string[], file: string): string[] {
  const plain = names.map(name => name.trim().toLowerCase())
  const wrong = (why: string) => new StratumError('RECORD_INVALID', `${file}, line 1: ${why}`)
  for (const name of REQUIRED)
    if (!plain.includes(name)) throw wrong(`there is no column ${name}; there are: ${names.join(', ')}`)
  for (const name of COLUMNS)
    if (plain.indexOf(name) !== plain.lastIndexOf(name)) throw wrong(`the column ${name} is there twice`)
  return plain
}
