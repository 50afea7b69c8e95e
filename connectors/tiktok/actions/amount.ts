import { configError } from '../../../plugins/errors.ts'
import { fromMicros, MoneyError, toMinor } from '../../../plugins/money/index.ts'

/**
 * Micros as TikTok takes them: a JSON number in the major unit, 50100000 → 50.1. With the three decimals that a currency
 * has at most, each amount up to 2^53 micros is a number of its own, whose shortest text is the decimal meant.
 * @throws config: not above nothing, or with a part below the currency's minor unit, which would be rounded away
 */
export function amountOf(micros: number, currency: string, path: string): number {
  if (micros <= 0) throw configError('has to be above 0', path)
  try {
    toMinor(micros, currency)
  } catch (error) {
    if (error instanceof MoneyError) throw configError(error.message, path)
    throw error
  }
  return Number(fromMicros(micros))
}

/** @throws config: an amount of another currency than the account's */
export function sameCurrency(asked: string, account: string): void {
  if (asked !== account) throw configError(`is ${asked}, and the account's is ${account}`, '/currency')
}
