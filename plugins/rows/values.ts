import { isCurrency, toMicros } from '../money/index.ts'

/** What a platform gave of one thing: its fields by their names. */
export type Row = Readonly<Record<string, unknown>>

/** A row cannot become a record: one line, with the field it is about. */
export class RowError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RowError'
  }
}

/** A field as text; null where it is missing, null or empty. @throws RowError: it is a list or an object */
export function text(row: Row, field: string): string | null {
  const value = row[field]
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new RowError(`${field} is ${Array.isArray(value) ? 'a list' : 'an object'}, not text`)
}

/** @throws RowError: it is missing */
export function needed<T>(value: T | null, field: string): T {
  if (value === null) throw new RowError(`${field} is missing`)
  return value
}

/** @throws RowError: it is neither `true` nor `false` */
export function flag(row: Row, field: string): boolean | null {
  const value = text(row, field)?.toLowerCase() ?? null
  if (value === null) return null
  if (value !== 'true' && value !== 'false') throw new RowError(`${field} is neither true nor false`)
  return value === 'true'
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-]\d\d):?(\d\d)))?$/
const EPOCH_MS = /^\d{11,14}$/

/**
 * A field as UTC microseconds: ISO 8601 with its offset (`+0000` too), a date alone (its midnight in UTC), or epoch
 * milliseconds. @throws RowError: it is none of them
 */
export function time(row: Row, field: string): number | null {
  const value = text(row, field)
  if (value === null) return null
  if (EPOCH_MS.test(value)) return Number(value) * 1000
  const [, day, clock = '00:00:00', fraction = '', hours = '+00', minutes = '00'] = ISO.exec(value) ?? []
  const ms = Date.parse(`${day}T${clock}${hours}:${minutes}`)
  if (day === undefined || Number.isNaN(ms)) throw new RowError(`${field} is no time`)
  return ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}

/**
 * A field in major units as integer micros, exactly.
 * @throws RowError: it is no amount, or of no currency that is known
 */
export function money(row: Row, field: string, currency: string | null): number | null {
  const value = text(row, field)
  if (value === null) return null
  if (currency === null) throw new RowError(`${field} has no currency, and the account's is not known`)
  if (!isCurrency(currency))
    throw new RowError(`${field}: '${currency.slice(0, 10)}' is no ISO 4217 currency`)
  try {
    return toMicros(value, { currency })
  } catch (error) {
    throw new RowError(`${field}: ${(error as Error).message}`)
  }
}
