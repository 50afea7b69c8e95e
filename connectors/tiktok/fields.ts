import { cut, MoneyError, safe, scaled } from '../../plugins/money/index.ts'
import type { Json } from './api/envelope.ts'

/** A row cannot be read; the message says which field and why. */
export class BadRow extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadRow'
  }
}

const shown = (value: unknown): string => cut(JSON.stringify(value) ?? String(value))

/** What the platform writes where it has no value (platforms.md §0.1). */
const NOTHING = '-'

/** Null: left out, null or `-`. @throws BadRow: no text */
export function text(row: Json, field: string): string | null {
  const value = row[field] ?? null
  if (value === null || value === NOTHING) return null
  if (typeof value === 'string') return value
  throw new BadRow(`${field}: ${shown(value)} is no text`)
}

/**
 * An id: text of digits. As a number it is taken only where it lost none of them.
 * @throws BadRow: not there, or no id
 */
export function idOf(row: Json, field: string): string {
  const value = row[field] ?? null
  if (value === null || value === '') throw new BadRow(`${field} is missing`)
  if (typeof value === 'string' && /^\d+$/.test(value)) return value
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  throw new BadRow(`${field}: ${shown(value)} is no id`)
}

/** An amount in the major unit of the account's currency, or a count with decimals, as exact millionths. @throws BadRow */
export const millionths = (row: Json, field: string): number | null => decimal(row, field, 6)

/** A count. @throws BadRow: no whole number */
export function whole(row: Json, field: string): number | null {
  const value = decimal(row, field, 6)
  if (value === null) return null
  if (value % 1_000_000 !== 0) throw new BadRow(`${field}: ${shown(row[field])} is no whole number`)
  return value / 1_000_000
}

/** Reports write numbers as text, objects as JSON numbers: both are decimals, read digit by digit. */
function decimal(row: Json, field: string, power: number): number | null {
  const value = row[field] ?? null
  if (value === null || value === NOTHING) return null
  if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value)))
    throw new BadRow(`${field}: ${shown(value)} is no number`)
  try {
    return safe(scaled(String(value), power), String(value))
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error
    throw new BadRow(`${field}: ${error.message}`)
  }
}

/** The day of `2026-03-31 00:00:00`, in the advertiser's zone. @throws BadRow */
export function dayOf(row: Json, field: string): string {
  const value = row[field]
  const day = typeof value === 'string' ? /^(\d{4}-\d\d-\d\d)( 00:00:00)?$/.exec(value)?.[1] : undefined
  if (day === undefined) throw new BadRow(`${field}: ${shown(value)} is no day`)
  return day
}
