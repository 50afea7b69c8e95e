import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse'
import { messageOf, StratumError } from '../engine/errors.ts'

export interface CsvRow {
  /** By the name of the column: trimmed, lower case. */
  readonly record: Readonly<Record<string, string>>
  readonly line: number
  /** An error that says file and line. */
  bad(why: string): StratumError
}

/** An empty value, and what programs write for one that they do not have. */
const GAP = /^(|null|none|na|n\/a|nan|[+-]?inf(inity)?)$/i

/**
 * The rows of a CSV file with a header.
 * @param required columns that have to be there
 * @param check what is wrong with the columns besides, or null
 * @throws StratumError NOT_FOUND, USAGE: it cannot be read; RECORD_INVALID: says file and line
 */
export async function* csvRows(
  file: string,
  required: readonly string[],
  signal: AbortSignal,
  check: (columns: readonly string[]) => string | null = () => null,
): AsyncGenerator<CsvRow> {
  /** Where the last whole row ends: what is wrong begins below it. */
  let end = 0
  const rows = createReadStream(file, { signal })
    .on('error', error => rows.destroy(error))
    .pipe(
      parse({
        bom: true,
        columns: names => {
          end = 1
          const plain = header(names as string[], required, file)
          const wrong = check(plain)
          if (wrong !== null) throw invalid(file, 1, wrong)
          return plain
        },
        info: true,
        on_record: (row, { lines }) => {
          end = lines
          return row
        },
        skip_empty_lines: true,
      }),
    )
  try {
    for await (const { record, info } of rows as AsyncIterable<{
      record: Record<string, string>
      info: { lines: number }
    }>)
      yield { record, line: info.lines, bad: why => invalid(file, info.lines, why) }
  } catch (error) {
    if (error instanceof CsvError) throw misread(file, error, end)
    throw unread(file, error as NodeJS.ErrnoException)
  }
}

/** What is wrong with a row, in words that say what to do. */
function misread(file: string, error: CsvError, end: number): StratumError {
  const { code, lines, columns, record } = error as CsvError & Readonly<Record<string, unknown>>
  const line = lines as number
  switch (code as string) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS': {
      const [is, wanted] = [(record as unknown[]).length, (columns as unknown[]).length]
      const advice =
        is > wanted ? 'put quotes around one with a comma in it' : 'leave empty what is not known'
      return invalid(file, line, `${plural(is, 'value')} for ${plural(wanted, 'column')}: ${advice}`)
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return invalid(
        file,
        end + 1,
        'a quote that is opened here or below is never closed: close it, or leave it out',
      )
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return invalid(
        file,
        line,
        'a quote in the middle of a value: put quotes around the whole value, and write "" for one inside',
      )
    default:
      return invalid(file, line, `it cannot be read as CSV: ${messageOf(error)}`)
  }
}

const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

/** Why a file cannot be read, with its path and what to do; any other error as it is. */
function unread(file: string, error: NodeJS.ErrnoException): Error {
  if (error.syscall === undefined) return error
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return new StratumError('NOT_FOUND', `there is no file ${file}`)
  if (error.code === 'EISDIR') return new StratumError('USAGE', `${file} is a folder: name a CSV file in it`)
  return new StratumError('NOT_FOUND', `${file} cannot be read: ${messageOf(error)}`, { cause: error })
}

const invalid = (file: string, line: number, why: string) =>
  new StratumError('RECORD_INVALID', `${file}, line ${line}: ${why}`)

function header(names: readonly string[], required: readonly string[], file: string): string[] {
  const plain = names.map(name => name.trim().toLowerCase())
  for (const name of required)
    if (!plain.includes(name))
      throw invalid(file, 1, `there is no column ${name}; there are: ${names.join(', ')}`)
  return plain
}

/** A number of a row, or null for a gap. @throws StratumError RECORD_INVALID: it is neither */
export function numberIn(row: CsvRow, column: string): number | null {
  const text = (row.record[column] ?? '').trim()
  const value = GAP.test(text) ? null : Number(text)
  if (value !== null && !Number.isFinite(value))
    throw row.bad(`${column} "${text}" is no number; a gap is left empty`)
  return value
}
