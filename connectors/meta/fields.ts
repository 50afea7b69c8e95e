import { cut, MoneyError, safe, scaled } from '../../plugins/money/index.ts'
import { fromMajor, fromMinor } from './money.ts'

export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A row cannot be read; the message says which field and why. */
export class BadRow extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadRow'
  }
}

const shown = (value: unknown): string => cut(JSON.stringify(value) ?? String(value))

/** Null: left out, null or empty. @throws BadRow: no text */
export function text(row: Json, field: string): string | null {
  const value = row[field] ?? null
  if (value === null || value === '') return null
  if (typeof value === 'string') return value
  throw new BadRow(`${field}: ${shown(value)} is no text`)
}

/**
 * An id is text. As a number it is good only while numbers are exact: most of Meta's are past 2^53.
 * @throws BadRow: it is none
 */
export function id(row: Json, field: string): string | null {
  const value = row[field] ?? null
  if (value === null || value === '') return null
  if (typeof value === 'string' && /^\d+$/.test(value)) return value
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  throw new BadRow(`${field}: ${shown(value)} is no id`)
}

/** @throws BadRow: not there */
export function needed<T>(value: T | null, field: string): T {
  if (value === null) throw new BadRow(`${field} is missing`)
  return value
}

/** Nearly every figure of the API is text; a JSON number is taken as it was written. */
function digits(row: Json, field: string): string | null {
  const value = row[field] ?? null
  if (value === null || value === '') return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  throw new BadRow(`${field}: ${shown(value)} is no number`)
}

function exact(row: Json, field: string, read: (text: string) => number): number | null {
  const value = digits(row, field)
  if (value === null) return null
  try {
    return read(value)
  } catch (error) {
    if (error instanceof MoneyError) throw new BadRow(`${field}: ${error.message}`)
    throw error
  }
}

/** @throws BadRow: it has a fraction, or is no number */
export const count = (row: Json, field: string): number | null =>
  exact(row, field, value => {
    const millionths = scaled(value, 6)
    if (millionths % 1_000_000n !== 0n) throw new BadRow(`${field}: ${shown(value)} is no whole number`)
    return safe(millionths / 1_000_000n, value)
  })

/** A figure that may have decimals, in exact millionths; an amount of major units in micros. @throws BadRow */
export const millionths = (row: Json, field: string): number | null => exact(row, field, fromMajor)

/** A budget or bid in micros. @throws BadRow */
export const minor = (row: Json, field: string, currency: string): number | null =>
  exact(row, field, value => fromMinor(value, currency))

/** UTC microseconds of `2024-03-12T15:02:47-0700`, or of Unix seconds. @throws BadRow: it is no time */
export function time(row: Json, field: string): number | null {
  const value = row[field] ?? null
  if (value === null || value === '') return null
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value * 1_000_000
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(value)) {
    const ms = Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
    if (!Number.isNaN(ms)) return ms * 1000
  }
  throw new BadRow(`${field}: ${shown(value)} is no time`)
}
