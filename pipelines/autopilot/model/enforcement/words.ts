import { money } from '../../../trust/model/explain/words.ts'
import type { Facts } from './facts.ts'

/** `1,350.00 USD`; without a currency where none is known. */
export const amountText = (micros: number, { currency }: Pick<Facts, 'currency'>): string =>
  currency === null ? money(micros) : `${money(micros)} ${currency}`

/** Hours as people say them: `30 min`, `1.5 h`. */
export const numberText = (x: number): string => String(Math.round(x * 100) / 100)
