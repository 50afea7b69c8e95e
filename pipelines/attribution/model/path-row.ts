import type { PathRow } from './paths.ts'

/** The columns of a path file; `path` and `total_conversions` must be there. */
export const COLUMNS = [
  'path',
  'total_conversions',
  'total_conversion_value',
  'total_null',
  'days_before',
] as const
export type Column = (typeof COLUMNS)[number]

const SEPARATOR = '>'
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * A row of a path file, checked. A column that the file does not have is undefined, and its figure null.
 * @throws RangeError: says which column, what is wrong with it, and what to do
 */
export function pathRowOf(fields: Readonly<Partial<Record<Column, string>>>): PathRow {
  const path = parts(fields.path ?? '', 'path', 'a touch without a channel: name it, or leave the touch out')
  const conversions = count(fields.total_conversions ?? '', 'total_conversions')
  const nulls = fields.total_null === undefined ? null : count(fields.total_null, 'total_null')
  const value = fields.total_conversion_value === undefined ? null : worth(fields.total_conversion_value)
  if (conversions === 0 && value !== null && value !== 0)
    throw new RangeError(
      `total_conversion_value is ${value} although total_conversions is 0: value belongs to conversions`,
    )
  return { path, conversions, value, nulls, daysBefore: days(fields.days_before, path.length, conversions) }
}

function parts(text: string, column: Column, empty: string): string[] {
  const all = text.split(SEPARATOR).map(part => part.trim())
  const at = all.indexOf('')
  if (at >= 0) throw new RangeError(`${column} ${quoted(text)} has at place ${at + 1} ${empty}`)
  return all
}

function numberOf(text: string, column: Column): number {
  const plain = text.trim()
  const number = NUMBER.test(plain) ? Number(plain) : Number.NaN
  if (!Number.isFinite(number)) throw new RangeError(`${column} ${quoted(text)} is no number`)
  return number
}

function count(text: string, column: Column): number {
  const number = numberOf(text, column)
  if (number < 0) throw new RangeError(`${column} is ${number}: journeys are counted from 0 up`)
  if (!Number.isInteger(number))
    throw new RangeError(`${column} is ${number}: journeys are counted in whole numbers`)
  if (!Number.isSafeInteger(number))
    throw new RangeError(`${column} is ${number}: more than 2^53 cannot be counted exactly`)
  return number
}

function worth(text: string): number {
  const value = numberOf(text, 'total_conversion_value')
  if (value < 0)
    throw new RangeError(
      `total_conversion_value is ${value}: take refunds off the conversions they belong to, so that no path is worth less than 0`,
    )
  return value
}

/** Journeys that did not convert need none. */
function days(text: string | undefined, touches: number, conversions: number): number[] | null {
  if (text === undefined || (conversions === 0 && text.trim() === '')) return null
  const all = parts(text, 'days_before', 'nothing: give the days before the conversion of every touch').map(
    part => numberOf(part, 'days_before'),
  )
  if (all.length !== touches)
    throw new RangeError(
      `days_before has ${all.length} number${all.length === 1 ? '' : 's'} for ${touches} touches: give one for each`,
    )
  const wrong = all.findIndex((days, i) => days < 0 || (i > 0 && days > all[i - 1]!))
  if (wrong >= 0)
    throw new RangeError(
      `days_before ${quoted(text)} has ${all[wrong]} at place ${wrong + 1}: touches are in order of time, days fall to 0 or stay the same`,
    )
  return all
}

/** A path may be very long: its beginning says which one it is. */
function quoted(text: string): string {
  return text.length <= 60 ? `"${text}"` : `"${text.slice(0, 57)}…"`
}
