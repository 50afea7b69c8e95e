/**
 * Decimal text to a scaled integer, exactly: no float is ever made. What could be read in two ways is refused.
 */
export class MoneyError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MoneyError'
  }
}

export type DecimalMark = '.' | ','

/** Longer texts are not numbers anybody meant, and would only make a huge integer. */
const MAX_LENGTH = 64
const MAX_EXPONENT = 30

/** Blanks and apostrophes that group thousands besides the other mark: `1 234`, `1'234`, `1’234`. */
const BLANKS = String.raw` \u00a0\u2009\u202f'’`
const number = (mark: string, group: string) => {
  const threes = String.raw`\d{1,3}([${group}${BLANKS}])\d{3}(?:\2\d{3})*`
  const indian = String.raw`\d{1,2}(?:[${group}]\d{2})+[${group}]\d{3}`
  return new RegExp(
    String.raw`^([+\-\u2212]?)(?:\d+|${threes}|${indian})?(?:[${mark}]\d*)?(?:[eE]([+-]?\d{1,3}))?$`,
  )
}
const NUMBER: Record<DecimalMark, RegExp> = { '.': number('.', ','), ',': number(',', '.') }

/**
 * `text` × 10^`power` as an integer, a half rounded away from zero (so that −x and x mirror each other).
 * Thousands may be grouped by the other mark, a blank or an apostrophe, in threes (or the Indian way); groups that
 * do not fit are refused, so that `1,23` is never taken for 123. Exponents (`1.5e3`) are read.
 * @throws MoneyError when it is not a number
 */
export function scaled(text: string, power: number, decimal: DecimalMark = '.'): bigint {
  const clean = text.trim()
  const refuse = () => new MoneyError(`'${cut(clean)}' is not a number with decimal mark '${decimal}'`)
  if (clean.length === 0 || clean.length > MAX_LENGTH) throw refuse()
  const match = NUMBER[decimal].exec(clean)
  if (!match) throw refuse()
  const [, sign, , exponent = '0'] = match
  const [whole = '', fraction = ''] = clean.split(/[eE]/, 1)[0]!.split(decimal)
  const digits = whole.replace(/\D/g, '') + fraction
  if (digits === '') throw refuse()
  const shift = Number(exponent)
  if (Math.abs(shift) > MAX_EXPONENT) throw refuse()
  const magnitude = shifted(BigInt(digits), power + shift - fraction.length)
  return sign === '' || sign === '+' ? magnitude : -magnitude
}

function shifted(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power)
  const divisor = 10n ** BigInt(-power)
  return (value + divisor / 2n) / divisor
}

/** The integer as a JavaScript number. @throws MoneyError past 2^53, where numbers lose units */
export function safe(value: bigint, text: string): number {
  const result = Number(value)
  if (!Number.isSafeInteger(result))
    throw new MoneyError(
      `'${cut(text)}' is too large to be held exactly (${Number.MAX_SAFE_INTEGER} units at most)`,
    )
  return result
}

export const cut = (text: string, length = 40) => (text.length > length ? `${text.slice(0, length)}…` : text)
