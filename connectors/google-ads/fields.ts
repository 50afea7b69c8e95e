import { cut, MoneyError, safe, scaled } from '../../plugins/money/index.ts'
import { RowError } from '../../plugins/rows/index.ts'
import { isObject, type Json } from './api/exact-json.ts'

/**
 * Fields of a row by their path: `metrics.costMicros`. Left out or null is null. Numbers come as they are written
 * (`api/exact-json`): int64 as a string of digits by the API's own rule, doubles as their decimal text.
 */

const shown = (value: unknown): string => cut(JSON.stringify(value) ?? String(value))

export function at(row: Json, path: string): unknown {
  let value: unknown = row
  for (const name of path.split('.')) {
    if (value === null || value === undefined) return null
    if (!isObject(value)) throw new RowError(`${path}: it is in ${shown(value)}, which is no object`)
    value = value[name]
  }
  return value ?? null
}

/** @throws RowError: a list or an object */
export function text(row: Json, path: string): string | null {
  const value = at(row, path)
  if (value === null || value === '') return null
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  throw new RowError(`${path}: ${shown(value)} is no text`)
}

/** @throws RowError: not there, empty, or no text */
export function needed(row: Json, path: string): string {
  const value = text(row, path)
  if (value === null) throw new RowError(`${path} is missing`)
  return value
}

/** @throws RowError: not there, or no number */
export function id(row: Json, path: string): string {
  const value = needed(row, path)
  if (!/^\d+$/.test(value)) throw new RowError(`${path}: ${shown(value)} is no id`)
  return value
}

/** A count or an amount in micros: int64. @throws RowError: no whole number, or past 2^53 */
export function whole(row: Json, path: string): number | null {
  const value = text(row, path)
  if (value === null) return null
  if (!/^-?\d+$/.test(value)) throw new RowError(`${path}: ${shown(value)} is no whole number`)
  return exact(path, () => safe(BigInt(value), value))
}

/** A double in exact millionths, from its decimal text; one of major units in micros. @throws RowError */
export function millionths(row: Json, path: string): number | null {
  const value = text(row, path)
  if (value === null) return null
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value))
    throw new RowError(`${path}: ${shown(value)} is no number`)
  return exact(path, () => safe(scaled(value, 6), value))
}

/** A share between 0 and 1 as the platform says it: no money. @throws RowError */
export function share(row: Json, path: string): number | null {
  const value = text(row, path)
  if (value === null) return null
  const number = Number(value)
  if (!Number.isFinite(number)) throw new RowError(`${path}: ${shown(value)} is no number`)
  return number
}

function exact(path: string, read: () => number): number {
  try {
    return read()
  } catch (error) {
    if (error instanceof MoneyError) throw new RowError(`${path}: ${error.message}`)
    throw error
  }
}
