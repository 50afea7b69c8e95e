import { type Row, text } from './values.ts'

/** A field as an e-mail address as it is compared: trimmed, lower case. What has no @ is none. */
export function email(row: Row, field: string): string | null {
  const value = text(row, field)?.trim().toLowerCase() ?? ''
  return /^[^\s@]+@[^\s@]+$/.test(value) ? value : null
}

const MIN_DIGITS = 5
const MAX_DIGITS = 15

/**
 * A field as a telephone number: E.164 where its country can be told (`+` or `00` before it), else its digits.
 * Extensions are left out (ITU-T E.164: 15 digits at most).
 */
export function phone(row: Row, field: string): string | null {
  const value = text(row, field)
  if (value === null) return null
  const number = value.split(/\s*(?:ext\.?|x|#|;)\s*\d/i, 1)[0]!.trim()
  // The trunk zero that is written for callers inside the country is no part of it: +49 (0)30 …
  const digits = number.replace(/^(\+|00)(.*?)\(0\)/, '$1$2').replace(/\D/g, '')
  const whole = number.startsWith('+') ? digits : number.startsWith('00') ? digits.slice(2) : null
  const length = (whole ?? digits).length
  if (length < MIN_DIGITS || length > MAX_DIGITS) return null
  return whole === null ? digits : `+${whole}`
}
