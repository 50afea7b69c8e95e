/** Revenue and its currency; null when there are amounts of several currencies: they are never added. */
export function revenueOf(revenue: Readonly<Record<string, number>>): {
  micros: number | null
  currency: string | null
} {
  const currencies = Object.keys(revenue)
  if (currencies.length === 0) return { micros: 0, currency: null }
  if (currencies.length > 1) return { micros: null, currency: null }
  return { micros: revenue[currencies[0]!]!, currency: currencies[0]! }
}
