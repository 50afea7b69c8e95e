/**
 * Revenue and its currency. Null where it is not known: amounts of several currencies, which are never added, or
 * purchases of which none has an amount. `revenue`: micros by currency.
 */
export function revenueOf(
  revenue: Readonly<Record<string, number>>,
  purchases: number,
): {
  micros: number | null
  currency: string | null
} {
  const currencies = Object.keys(revenue)
  if (currencies.length === 0) return { micros: purchases === 0 ? 0 : null, currency: null }
  if (currencies.length > 1) return { micros: null, currency: null }
  return { micros: revenue[currencies[0]!]!, currency: currencies[0]! }
}
