import { cut, safe, scaled } from '../../plugins/money/index.ts'
import { isObject, type Json } from './api/envelope.ts'

/** A row cannot be read; the message says which field and why. */
export class BadRow extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadRow'
  }
}

const shown = (value: unknown): string => cut(JSON.stringify(value) ?? String(value))

/** Null: left out or null. @throws BadRow: no text */
export function text(row: Json, field: string): string | null {
  const value = row[field] ?? null
  if (value === null || typeof value === 'string') return value
  throw new BadRow(`${field}: ${shown(value)} is no text`)
}

/** @throws BadRow: not there, empty or no text */
export function needed(row: Json, field: string): string {
  const value = text(row, field)
  if (value === null || value === '') throw new BadRow(`${field} is missing`)
  return value
}

/**
 * Micros and counts are JSON integers. What is past 2^53 has lost digits already when it is parsed.
 * @throws BadRow
 */
export function whole(row: Json, field: string): number | null {
  const value = row[field] ?? null
  if (value === null) return null
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new BadRow(`${field}: ${shown(value)} is no whole number`)
}

/** A number that may have decimals, in exact millionths. @throws BadRow */
export function millionths(row: Json, field: string): number | null {
  const value = row[field] ?? null
  if (value === null) return null
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new BadRow(`${field}: ${shown(value)} is no number`)
  try {
    return safe(scaled(String(value), 6), String(value))
  } catch {
    throw new BadRow(`${field}: ${shown(value)} is too large`)
  }
}

/** @throws BadRow: there, and no object */
export function inner(row: Json, field: string): Json | null {
  const value = row[field] ?? null
  if (value === null || isObject(value)) return value
  throw new BadRow(`${field}: ${shown(value)} is no object`)
}

/** UTC microseconds of an ISO time with its offset, written `-07:00` or `-0700`; null where it is none. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string') return null
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(value)) return null
  const ms = Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(ms) ? null : ms * 1000
}
