/**
 * How the simulated Meta writes amounts: of its own, so that a mistake of the connector's is not made here too.
 * Offsets of the Marketing API's "Currency codes".
 */
const NO_DECIMALS = ['CLP', 'COP', 'CRC', 'HUF', 'ISK', 'IDR', 'JPY', 'KRW', 'PYG', 'TWD', 'VND']

/** Micros of the smallest amount that a budget or bid can have. */
export const unitOf = (currency: string): number => (NO_DECIMALS.includes(currency) ? 1_000_000 : 10_000)

/** Micros as Meta holds a budget or bid: rounded to its unit, one at least. */
export const held = (micros: number, currency: string): number => {
  const unit = unitOf(currency)
  return Math.max(1, Math.round(micros / unit)) * unit
}

/** `5339.5`: micros in major units, without needless zeros. */
export function major(micros: number): string {
  const whole = Math.trunc(micros / 1_000_000)
  const rest = String(micros % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return rest === '' ? String(whole) : `${whole}.${rest}`
}
