/** Fixed costs of a tenant, a month, from a day on. Micros of the currency of its costs. */
export interface FixedCosts {
  readonly from: string
  /** The first day on which they do not hold; null: they hold. */
  readonly to: string | null
  readonly monthly_micros: number
}

/** A day's share of fixed costs: whole micros that add up to the month's. Null: none are stated for the day. */
export function fixedOn(spans: readonly FixedCosts[], day: string): number | null {
  const span = spans.find(({ from, to }) => from <= day && (to === null || day < to))
  if (!span) return null
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  // Hundreds of billions times 31 are still whole numbers.
  const upTo = (n: number) => Math.floor((span.monthly_micros * n) / days)
  return upTo(date) - upTo(date - 1)
}
