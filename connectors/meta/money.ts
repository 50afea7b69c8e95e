import { isCurrency, MoneyError, safe, scaled } from '../../plugins/money/index.ts'

/**
 * Amounts as Meta writes them. Reports are in major units. Budgets, bids and balances are integers of 1/offset of the
 * major unit, and the offset is Meta's own, not ISO 4217's: 1 for these currencies, 100 for all others, dinars with
 * three decimals included (Marketing API, "Currency codes"). By ISO's a budget in forint, Colombian pesos or new
 * Taiwan dollars would be a hundred times too small or too large.
 */
const WHOLE = new Set('CLP COP CRC HUF ISK IDR JPY KRW PYG TWD VND'.split(' '))

/** How many of Meta's units a major unit has. @throws MoneyError: no currency */
export function offsetOf(currency: string): 1 | 100 {
  if (!isCurrency(currency)) throw new MoneyError(`'${currency.slice(0, 10)}' is no ISO 4217 currency`)
  return WHOLE.has(currency) ? 1 : 100
}

/** Decimal text of major units as micros, exactly: `5339.5` → 5339500000. @throws MoneyError */
export const fromMajor = (text: string): number => safe(scaled(text, 6), text)

/** Meta's integer of a budget or bid as micros, exactly: `500` in USD → 5000000, in JPY → 500000000. @throws MoneyError */
export const fromMinor = (text: string, currency: string): number =>
  safe(scaled(text, offsetOf(currency) === 1 ? 6 : 4), text)

/** Micros as Meta's integer, exactly. @throws MoneyError: there is a part that rounding would lose */
export function toMinor(micros: number, currency: string): number {
  const size = 1_000_000 / offsetOf(currency)
  if (Number.isSafeInteger(micros) && micros % size === 0) return micros / size
  throw new MoneyError(`${micros} micros are no whole number of the smallest amount of ${currency} on Meta`)
}
