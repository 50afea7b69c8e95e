import type { RejectedRow } from '../../plugins/contract.ts'
import { isBadData } from '../../plugins/files/bad-data.ts'
import { chomp } from '../../plugins/files/lines.ts'
import type { FileEntry } from '../../plugins/files/listing.ts'
import { headOfText, readText } from '../../plugins/files/text.ts'
import type { AdReportRecord } from '../../plugins/records/ad-report.ts'
import { rejecting, summing } from './duplicates.ts'
import { findHeader, type Header, SAMPLE_BYTES } from './header.ts'
import type { Mapping } from './mapping.ts'
import { type Parsed, parseRows } from './parse.ts'
import { recordReader } from './record.ts'
import { type Row, RowReader } from './rows.ts'
import { ValueError } from './values.ts'

/** How far a file is read: rows taken (or rejected), and, of a summed file, sums handed on. */
export interface Position {
  readonly rows: number
  readonly sums: number
}

export interface Part extends Position {
  readonly records: readonly AdReportRecord[]
  readonly rejected: readonly RejectedRow[]
}

export interface FileReading {
  readonly file: FileEntry
  readonly mapping: Mapping
  readonly from: Position
  readonly signal: AbortSignal
  notice(message: string): void
}

const BATCH_ROWS = 1000
const BATCH_BYTES = 4 * 2 ** 20

/**
 * The records of one file after a position. Rows before it are read again, unsaid: the keys they hold are needed
 * to know a duplicate, and sums need all rows.
 */
export async function* readFile(reading: FileReading): AsyncGenerator<Part> {
  const { file, mapping, signal, notice } = reading
  const header = findHeader(await headOfText(file, SAMPLE_BYTES), mapping, file.name)
  if (!header) return yield* withoutRows(reading)
  if (header.line > 1)
    notice(`${file.name}: its header is line ${header.line}; what stands above is left out`)
  const taken = new Taking(header, reading)
  const reader = new RowReader(header.delimiter)
  let rows: Row[] = []
  let bytes = 0
  let damage: string | null = null
  try {
    for await (const chunk of readText(file, signal)) {
      for (const row of reader.push(chunk)) {
        if (row.line <= header.line) continue
        bytes += rows.push(row) && row.bytes.length
        if (rows.length < BATCH_ROWS && bytes < BATCH_BYTES) continue
        yield* taken.take(rows)
        rows = []
        bytes = 0
      }
    }
    rows.push(...[...reader.end()].filter(row => row.line > header.line))
  } catch (error) {
    damage = damageOf(error)
    // What is left is no row: a number may have lost its last digits.
    const rest = reader.remainder()
    if (rest && rest.line > header.line) rows.push(rest)
  }
  yield* taken.take(rows)
  yield* taken.end(damage)
}

async function* withoutRows({ file, from, signal }: FileReading): AsyncGenerator<Part> {
  let reason = 'empty file'
  try {
    for await (const chunk of readText(file, signal))
      if (chunk.toString('latin1').trim() !== '') reason = 'no header within the first 64 KiB'
  } catch (error) {
    reason = damageOf(error)
  }
  const rejected = [{ reason, origin: file.name, bytes: null }]
  if (from.rows === 0) yield { rows: 1, sums: 0, records: [], rejected }
}

function damageOf(error: unknown): string {
  if (!isBadData(error)) throw error
  return `${error.message}: what comes after is lost`
}

/** Turns rows into records and rejected rows, counting, and holds back what lies before the position. */
class Taking {
  readonly #reading: FileReading
  readonly #header: Header
  readonly #record: (values: readonly string[]) => AdReportRecord
  readonly #duplicates
  #rows = 0
  #totals = 0

  constructor(header: Header, reading: FileReading) {
    this.#reading = reading
    this.#header = header
    this.#record = recordReader(header, reading.mapping, reading.file.modified)
    this.#duplicates = reading.mapping.duplicates === 'sum' ? summing() : rejecting()
  }

  *take(rows: readonly Row[]): Generator<Part> {
    const { from, file } = this.#reading
    const records: AdReportRecord[] = []
    const rejected: RejectedRow[] = []
    for (const [i, parsed] of parseRows(rows, this.#header.delimiter).entries()) {
      const isNew = ++this.#rows > from.rows
      const row = rows[i]!
      try {
        const record = this.#one(row, parsed)
        if (record && isNew) records.push(record)
      } catch (error) {
        if (!(error instanceof ValueError)) throw error
        const origin = `${file.name} line ${row.line}`
        if (isNew) rejected.push({ reason: error.message, origin, bytes: Buffer.from(chomp(row.bytes)) })
      }
    }
    if (records.length + rejected.length > 0) yield { rows: this.#rows, sums: 0, records, rejected }
  }

  /** What waited for the end of the file. */
  *end(damage: string | null): Generator<Part> {
    const { file, from, notice } = this.#reading
    if (this.#totals > 0) notice(`${file.name}: ${this.#totals} rows of totals left out`)
    if (this.#rows === 0 && damage === null) notice(`${file.name}: has a header and no rows`)
    if (damage !== null) {
      const rejected = [{ reason: damage, origin: file.name, bytes: null }]
      if (++this.#rows > from.rows) yield { rows: this.#rows, sums: 0, records: [], rejected }
    }
    const sums = this.#duplicates.sums()
    for (let at = from.sums; at < sums.length; at += BATCH_ROWS) {
      const records = sums.slice(at, at + BATCH_ROWS)
      yield { rows: this.#rows, sums: at + records.length, records, rejected: [] }
    }
  }

  #one(row: Row, values: Parsed): AdReportRecord | null {
    if ('problem' in values) throw new ValueError(values.problem)
    const { totals } = this.#reading.mapping
    if (totals !== undefined && values[0]?.startsWith(totals)) {
      this.#totals++
      return null
    }
    const columns = this.#header.names.length
    if (values.length < columns || values.slice(columns).some(value => value.trim() !== ''))
      throw new ValueError(`has ${values.length} columns, the header has ${columns}`)
    return this.#duplicates.add(this.#record(values), row.line)
  }
}
