import type { FileEntry } from '../../plugins/files/listing.ts'

/** `events_20210112.parquet`, `events_intraday_20210112.ndjson.gz` … */
const TABLE = /^events_(intraday_)?(\d{8})\.(?:parquet|json|ndjson|(?:json|ndjson)\.gz)$/

export interface Selection {
  readonly files: readonly FileEntry[]
  /** What is left alone, and why: a line each. */
  readonly notices: readonly string[]
}

/** Which files of a folder are export tables to read, in the order of their names. */
export function selectTables(files: readonly FileEntry[], others: readonly string[]): Selection {
  const tables = files.map(file => ({ file, match: TABLE.exec(file.name) }))
  const daily = new Set(tables.flatMap(({ match }) => (match && !match[1] ? [match[2]!] : [])))
  const notices: string[] = []
  const selected: FileEntry[] = []
  for (const { file, match } of tables) {
    if (!match) notices.push(`${file.name} is left alone: not an export table (events_YYYYMMDD)`)
    else if (match[1] && daily.has(match[2]!))
      notices.push(`${file.name} is left alone: events_${match[2]} replaces it`)
    else selected.push(file)
  }
  for (const name of others) notices.push(`${name} is left alone: not a file`)
  return { files: selected, notices }
}
