/** Sums by currency: amounts of several are never added. */
export type ByCurrency<T> = Record<string, T>

/** The one currency there is, what is of it, and how many there are. */
export function only<T>(by: Readonly<ByCurrency<T>>): readonly [string | null, T | null, number] {
  const currencies = Object.keys(by)
  const one = currencies.length === 1 ? currencies[0]! : null
  return [one, one === null ? null : by[one]!, currencies.length]
}

/** What ads' reports of a day say was spent: sums that can be taken back. Plain JSON. */
export type Spend = ByCurrency<{ reports: number; micros: number }>

/** Takes what a platform reported of an ad in, in place; `by` -1 takes it back. Unknown spend is none. */
export function addSpend(spend: Spend, micros: number | null, currency: string, by: 1 | -1): void {
  if (micros === null) return
  const sum = spend[currency] ?? { reports: 0, micros: 0 }
  sum.reports += by
  sum.micros += by * micros
  if (sum.reports > 0) spend[currency] = sum
  else delete spend[currency]
}
