import { toJson } from '../../control/json.ts'

export type Row = Readonly<Record<string, unknown>>

/**
 * Rows as aligned columns under a header, numbers to the right; unknown (null) is `-`. Columns are `columns`, or
 * the names of all rows in the order they appear. No rows: the empty text.
 */
export function table(rows: readonly Row[], columns?: readonly string[]): string {
  if (rows.length === 0) return ''
  const names = columns ?? [...new Set(rows.flatMap(row => Object.keys(row)))]
  const right = names.map(name => rows.every(row => isNumberOrNone(row[name])))
  const lines = [names.map(printable), ...rows.map(row => names.map(name => cell(row[name])))]
  const widths = names.map((_, i) => lines.reduce((most, line) => Math.max(most, width(line[i]!)), 0))
  const pad = (text: string, i: number) => {
    const space = ' '.repeat(widths[i]! - width(text))
    return right[i] ? space + text : text + space
  }
  return lines.map(line => `${line.map(pad).join('  ').trimEnd()}\n`).join('')
}

const isNone = (value: unknown) => value === null || value === undefined || Number.isNaN(value)
const isNumberOrNone = (value: unknown) =>
  isNone(value) || typeof value === 'number' || typeof value === 'bigint'

/** One value on one line; unknown is `-`, a list of texts is written as a person would. */
export function cell(value: unknown): string {
  if (isNone(value)) return '-'
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value) && value.every(item => typeof item === 'string'))
    return printable(value.join(', '))
  return printable(typeof value === 'object' ? toJson(value) : String(value))
}

/** Data must not move the cursor of a terminal, nor break a row. */
function printable(text: string): string {
  return Array.from(text, char => {
    const code = char.codePointAt(0)!
    if (char === '\n') return '\\n'
    if (char === '\t') return '\\t'
    return code < 0x20 || (code >= 0x7f && code < 0xa0) ? `\\x${code.toString(16).padStart(2, '0')}` : char
  }).join('')
}

const width = (text: string) => Array.from(text).length
