import { configError } from '../../plugins/errors.ts'
import { chomp } from '../../plugins/files/lines.ts'
import { cut } from '../../plugins/money/index.ts'
import { FIELDS, type Field, type Mapping, type Rule, rulesOf } from './mapping.ts'
import { parseRows } from './parse.ts'
import { type Row, RowReader } from './rows.ts'

/** Where the values of a file are: its delimiter, its header, and the column of every field that has one. */
export interface Header {
  readonly delimiter: string
  /** The line of the header, from 1: rows begin after it. */
  readonly line: number
  readonly names: readonly string[]
  readonly cells: ReadonlyMap<Field, { readonly index: number; readonly rule: Rule }>
}

/** Enough of a file to find its header in. */
export const SAMPLE_BYTES = 64 * 1024

const DELIMITERS = [',', ';', '\t', '|'] as const

/**
 * Finds header and delimiter in the first bytes of a file: the row, and the delimiter, in which most mapped
 * columns are found. null when the file has no rows.
 * @throws ConnectorError config: a column that is missing or there twice, and the header
 */
export function findHeader(sample: Buffer, mapping: Mapping, file: string): Header | null {
  let best: (Header & { problem: string | null; score: number }) | null = null
  for (const delimiter of mapping.delimiter ? [mapping.delimiter] : DELIMITERS) {
    for (const row of firstRows(sample, delimiter, mapping.header_within ?? 1)) {
      const names = namesOf(row, delimiter)
      const { cells, problem } = bind(names, mapping)
      const score = cells.size + (problem === null ? FIELDS.length : 0) + Math.min(names.length, 99) / 100
      if (!best || score > best.score) best = { delimiter, line: row.line, names, cells, problem, score }
    }
  }
  if (best?.problem) {
    const header = best.names
      .slice(0, 60)
      .map(name => cut(name))
      .join(', ')
    throw configError(`${file}: ${best.problem}; its header is: ${header}`, '/mapping/columns')
  }
  return best
}

function firstRows(sample: Buffer, delimiter: string, limit: number): Row[] {
  const reader = new RowReader(delimiter)
  const rows: Row[] = []
  for (const part of [reader.push(sample), reader.end()])
    for (const row of part) {
      rows.push(row)
      if (rows.length >= limit) return rows
    }
  return rows
}

function namesOf(row: Row, delimiter: string): readonly string[] {
  const [values] = parseRows([row], delimiter)
  if (Array.isArray(values)) return values.map(name => name.trim())
  return [chomp(row.bytes).toString('utf8')]
}

const plain = (name: string) => name.trim().toLowerCase()

function bind(names: readonly string[], mapping: Mapping) {
  const cells = new Map<Field, { index: number; rule: Rule }>()
  const places = new Map<string, number[]>()
  for (const [i, name] of names.entries()) places.set(plain(name), [...(places.get(plain(name)) ?? []), i])
  let problem: string | null = null
  for (const field of FIELDS) {
    const rules = rulesOf(mapping, field)
    const rule = rules.find(({ column }) => places.has(plain(column)))
    if (rule) {
      const [index, again] = places.get(plain(rule.column))!
      if (again !== undefined) problem ??= `column '${rule.column}' is there twice`
      cells.set(field, { index: index!, rule })
    } else if (rules.some(({ optional }) => !optional)) {
      problem ??= `no column ${rules.map(({ column }) => `'${column}'`).join(' or ')} (for ${field})`
    } else if (REQUIRED.has(field) && mapping.constants?.[field as 'date'] === undefined) {
      const columns = rules.map(({ column }) => `'${column}'`).join(' or ')
      problem ??= `no column ${columns} and no constant for ${field} (a setting ${field}=… gives one)`
    }
  }
  return { cells, problem }
}

const REQUIRED: ReadonlySet<Field> = new Set(['platform', 'date', 'account_id', 'campaign_id', 'currency'])
