import type { Scalar } from './row.ts'

export interface Money {
  readonly value_micros: number | null
  readonly currency: string | null
  /** A doubt about the amount; null when there is none. */
  readonly doubt: 'bad_value' | 'unknown_currency' | null
  /** The amount is that of the parameters `value` and `currency`. */
  readonly fromParams: boolean
}

const NONE: Money = { value_micros: null, currency: null, doubt: null, fromParams: false }
const BAD: Money = { ...NONE, doubt: 'bad_value' }
const UNKNOWN: Money = { ...NONE, doubt: 'unknown_currency' }

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** The ISO 4217 code a text is; null when there is no such currency. */
export function currencyOf(text: string | null): string | null {
  const code = text?.trim().toUpperCase() ?? ''
  return CURRENCIES.has(code) ? code : null
}

/** What an event is worth: the purchase in USD as GA4 converted it, else what the site sent. */
export function moneyOf(revenueUsd: Scalar, value: string | null, currency: string | null): Money {
  if (revenueUsd !== null) {
    const micros = toMicros(Number(revenueUsd))
    return micros === null ? BAD : { value_micros: micros, currency: 'USD', doubt: null, fromParams: false }
  }
  if (value === null) return NONE
  const micros = value.trim() === '' ? null : toMicros(Number(value))
  if (micros === null) return BAD
  const code = currencyOf(currency)
  return code === null ? UNKNOWN : { value_micros: micros, currency: code, doubt: null, fromParams: true }
}

/** Major units as micros; null when negative, not finite or too large to be exact. */
function toMicros(amount: number): number | null {
  const micros = Math.round(amount * 1e6)
  return Number.isSafeInteger(micros) && micros >= 0 ? micros + 0 : null
}
