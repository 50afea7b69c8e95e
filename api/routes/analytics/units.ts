import type { Figure } from '../../../pipelines/metrics/model.ts'

/** Decimals of a currency's minor unit by ISO 4217: USD 2, JPY 0, KWD 3. */
function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  )
}

/**
 * An amount in micros as minor units of its currency (D:cents). Sums are whole; quotients such as a cost per click
 * keep four decimals. Null where amount or currency is unknown.
 */
export function minorUnits({ value, currency }: Figure, quotient: boolean): number | null {
  if (value === null || (currency === null && value !== 0)) return null
  return rounded(value / 10 ** (6 - minorDigits(currency ?? 'USD')), quotient ? 4 : 0)
}

export function rounded(value: number | null, digits: number): number | null {
  if (value === null || !Number.isFinite(value)) return null
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}
