import { toJson } from '../../control/json.ts'
import type { Session } from './session.ts'
import { cell, type Row, table } from './table.ts'

/** How data is to be written; neither: for a person. */
export interface OutputOptions {
  readonly json?: boolean
  readonly ndjson?: boolean
}

type Writer = Pick<Session, 'write'>

/** Rows: an array with `--json`, one a line with `--ndjson`, else a table (which waits for the last row). */
export async function printRows(
  to: Writer,
  rows: Iterable<Row> | AsyncIterable<Row>,
  options: OutputOptions & { readonly columns?: readonly string[] } = {},
): Promise<void> {
  if (options.ndjson) {
    for await (const row of rows) await to.write(`${toJson(row)}\n`)
  } else if (options.json) {
    let separator = '['
    for await (const row of rows) {
      await to.write(`${separator}\n  ${toJson(row)}`)
      separator = ','
    }
    await to.write(separator === '[' ? '[]\n' : '\n]\n')
  } else {
    const all: Row[] = []
    for await (const row of rows) all.push(row)
    if (all.length === 0) process.stderr.write('no rows\n')
    await to.write(table(all, options.columns))
  }
}

/** One document: JSON with `--json` (on a line of its own with `--ndjson`), else name and value, line by line. */
export async function printDocument(to: Writer, document: Row, options: OutputOptions = {}): Promise<void> {
  if (options.ndjson) return to.write(`${toJson(document)}\n`)
  if (options.json) return to.write(`${toJson(document, 2)}\n`)
  const width = Math.max(0, ...Object.keys(document).map(name => name.length))
  const lines = Object.entries(document).map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}\n`)
  return to.write(lines.join(''))
}
