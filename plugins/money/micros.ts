import { isCurrency, minorDigits, signsOf } from './currency.ts'
import { cut, type DecimalMark, MoneyError, safe, scaled } from './decimal.ts'

export type MoneyUnit = 'major' | 'minor' | 'micros'

export interface MoneyOptions {
  /** ISO 4217; a sign in the text must be one of this currency. */
  readonly currency: string
  /** What the number counts: 12.34 dollars, 1234 cents or 12340000 micros. Default: major. */
  readonly unit?: MoneyUnit
  /** Default: `.` */
  readonly decimal?: DecimalMark
}

const MAX_LENGTH = 100
const SIGNED =
  /^([^\d.,+\-\u2212]*)([+\-\u2212]?)([^\d.,+\-\u2212]*)([\d.,].*?)([\p{L}\p{Sc}\s\u00a0\u202f]*)$/u

/**
 * An amount as text to integer micros (millionths of the major unit), exactly; past the sixth decimal a half is
 * rounded away from zero: `1.429999948` → 1430000. Reads `$1,234.56`, `-€5`, `12 kr`, `(3.00)` (a negative).
 * @throws MoneyError naming the text when it is no amount, its sign is of another currency, or it is past 2^53
 */
export function toMicros(text: string, { currency, unit = 'major', decimal = '.' }: MoneyOptions): number {
  if (!isCurrency(currency)) throw new MoneyError(`'${cut(currency)}' is not an ISO 4217 currency`)
  const { number, negative } = bare(text, currency)
  const power = unit === 'major' ? 6 : unit === 'minor' ? 6 - minorDigits(currency) : 0
  const value = scaled(number, power, decimal)
  return safe(negative ? -value : value, text)
}

/** Micros as plain decimal text of the major unit, without trailing zeros: 1430000 → `1.43`. */
export function fromMicros(micros: number): string {
  if (!Number.isSafeInteger(micros)) throw new MoneyError(`${micros} is not an integer number of micros`)
  const digits = Math.abs(micros).toString().padStart(7, '0')
  const fraction = digits.slice(-6).replace(/0+$/, '')
  return `${micros < 0 ? '-' : ''}${digits.slice(0, -6)}${fraction && `.${fraction}`}`
}

/**
 * Micros as an integer of the minor unit (cents; whole yen), exactly: what platforms take budgets in.
 * @throws MoneyError: there is a part below the minor unit, which rounding would lose
 */
export function toMinor(micros: number, currency: string): number {
  if (!isCurrency(currency)) throw new MoneyError(`'${cut(currency)}' is not an ISO 4217 currency`)
  const size = 10 ** (6 - minorDigits(currency))
  if (Number.isSafeInteger(micros) && micros % size === 0) return micros / size
  throw new MoneyError(`${fromMicros(micros)} ${currency} is no whole number of its minor unit`)
}

/**
 * An integer of the minor unit as micros.
 * @throws MoneyError: no integer, or past 2^53
 */
export const fromMinor = (minor: number | string, currency: string): number =>
  toMicros(String(minor), { currency, unit: 'minor' })

/** Takes currency signs and accountants' parentheses off. */
function bare(text: string, currency: string): { number: string; negative: boolean } {
  const trimmed = text.trim()
  const inner = /^\((.*)\)$/s.exec(trimmed)?.[1]
  const match = trimmed.length > MAX_LENGTH ? null : SIGNED.exec(inner ?? trimmed)
  if (!match) throw new MoneyError(`'${cut(trimmed)}' is not an amount of ${currency}`)
  const [, before = '', minus = '', after = '', rest = '', behind = ''] = match
  if (inner !== undefined && minus !== '') throw new MoneyError(`'${cut(trimmed)}' is negative twice`)
  for (const sign of [before, after, behind].map(part => part.trim()))
    if (sign !== '' && !signsOf(currency).has(sign.toUpperCase()))
      throw new MoneyError(
        `'${cut(trimmed)}' is not an amount of ${currency}: '${cut(sign, 10)}' is no sign of it`,
      )
  return { number: minus + rest, negative: inner !== undefined }
}
