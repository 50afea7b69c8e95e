import { cut, MoneyError, safe, scaled, toMicros } from '../../plugins/money/index.ts'
import type { Rule } from './mapping.ts'

/** A value that cannot be what its column says: the row is rejected. */
export class ValueError extends Error {}

export interface Cell {
  readonly text: string
  readonly rule: Rule
}

/** What exports write where they have no number. */
const NO_NUMBER: ReadonlySet<string> = new Set(['', '-', '--', '—', 'null', 'none', 'nan', 'n/a', 'na'])
/** An id a spreadsheet took for a number: its last digits are gone. */
const DAMAGED = /^\d(?:[.,]\d+)?E\+\d+$/i

export function refuse({ text, rule }: Cell, what: string): never {
  throw new ValueError(`column ${rule.column}: '${cut(text)}' ${what}`)
}

/** An id or a name; null when empty. */
export function readText(cell: Cell): string | null {
  const { rule } = cell
  const text = rule.remove === undefined ? cell.text.trim() : cell.text.replaceAll(rule.remove, '').trim()
  if (text === '' || text === '--') return null
  if (DAMAGED.test(text)) refuse(cell, 'is an id a spreadsheet rounded: export it as text')
  if (text.length > 512) refuse(cell, `has ${text.length} characters, 512 at most`)
  return text
}

/** A count: a whole number, not negative. */
export function readCount(cell: Cell, decimal: '.' | ','): number | null {
  return measure(cell, text => {
    // In millionths, so that a fraction is seen and refused instead of rounded away.
    const millionths = scaled(text, 6, cell.rule.decimal ?? decimal)
    if (millionths < 0n) refuse(cell, 'is negative')
    if (millionths % 1_000_000n !== 0n) refuse(cell, 'is not a whole number')
    return safe(millionths / 1_000_000n, text)
  })
}

/** A number in millionths. */
export function readMillionths(cell: Cell, decimal: '.' | ','): number | null {
  const power = cell.rule.unit === 'micros' ? 0 : 6
  return measure(cell, text => safe(scaled(text, power, cell.rule.decimal ?? decimal), text))
}

/** An amount in micros of the row's currency. */
export function readMoney(cell: Cell, decimal: '.' | ',', currency: string): number | null {
  const { unit = 'major' } = cell.rule
  return measure(cell, text => toMicros(text, { currency, unit, decimal: cell.rule.decimal ?? decimal }))
}

export function readFlag(cell: Cell): boolean | null {
  const text = cell.text.trim().toLowerCase()
  if (text === '') return null
  if (['true', '1', 'yes', 'y'].includes(text)) return true
  if (['false', '0', 'no', 'n'].includes(text)) return false
  return refuse(cell, 'is neither true nor false')
}

function measure(cell: Cell, read: (text: string) => number): number | null {
  if (NO_NUMBER.has(cell.text.trim().toLowerCase())) return cell.rule.empty ?? null
  try {
    return read(cell.text)
  } catch (error) {
    if (error instanceof MoneyError) throw new ValueError(`column ${cell.rule.column}: ${error.message}`)
    throw error
  }
}
