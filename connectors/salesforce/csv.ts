import { parse } from 'csv-parse/sync'
import { messageOf, RetryableError } from '../../plugins/errors.ts'
import type { Answer } from '../../plugins/http/index.ts'
import type { Row } from '../../plugins/rows/index.ts'

export interface CsvPage {
  readonly rows: readonly Row[]
  /** Of the next page; null behind the last. */
  readonly locator: string | null
}

/**
 * A page of results: CSV whose quoted fields may hold line ends. Its headers say how many rows it has and where the
 * next page is (the word `null`: nowhere).
 * @throws RetryableError: it is cut short, or no page of results
 */
export function pageOf(answer: Answer): CsvPage {
  const locator = answer.header('Sforce-Locator')
  const said = answer.header('Sforce-NumberOfRecords')
  if (locator === null || said === null)
    throw new RetryableError(
      'an answer without Sforce-Locator and Sforce-NumberOfRecords is no page of results',
    )
  const rows = rowsOf(answer.text())
  if (rows.length !== Number(said))
    throw new RetryableError(`a page of results has ${rows.length} rows, and should have ${said}`)
  return { rows, locator: locator === 'null' ? null : locator }
}

/** Rows by the names of their columns. */
export function rowsOf(text: string): readonly Row[] {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true })
  } catch (error) {
    throw new RetryableError(`a page of results is no whole CSV: ${messageOf(error)}`, { cause: error })
  }
}
