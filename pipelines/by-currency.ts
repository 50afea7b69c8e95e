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

interface Reported {
  readonly spend_micros: number | null
  readonly currency: string
}

/** Whether a report says of spend what the one before it said. */
export const isSameSpend = (before: Reported | null, after: Reported): boolean =>
  before?.spend_micros === after.spend_micros && before?.currency === after.currency

/** Takes what a platform reported of an ad in, in place, and what it reported before back. Unknown spend is none. */
export function restateSpend(spend: Spend, before: Reported | null, after: Reported): void {
  if (before) addSpend(spend, before, -1)
  addSpend(spend, after, 1)
}

function addSpend(spend: Spend, { spend_micros: micros, currency }: Reported, by: 1 | -1): void {
  if (micros === null) return
  const sum = spend[currency] ?? { reports: 0, micros: 0 }
  sum.reports += by
  sum.micros += by * micros
  if (sum.reports > 0) spend[currency] = sum
  else delete spend[currency]
}
