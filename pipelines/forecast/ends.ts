import { addDays } from '../../engine/clock/days.ts'

export const HORIZONS = ['MONTH_END', 'QUARTER_END', 'YEAR_END'] as const
export type Horizon = (typeof HORIZONS)[number]

const MONTHS: Readonly<Record<Horizon, number>> = { MONTH_END: 1, QUARTER_END: 3, YEAR_END: 12 }

/** The calendar's month, quarter or year that a day is in: both days inside. */
export function periodWith(day: string, horizon: Horizon): { readonly start: string; readonly end: string } {
  const months = MONTHS[horizon]
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1]
  const first = month - (month % months)
  const at = (m: number) => `${year + Math.floor(m / 12)}-${String((m % 12) + 1).padStart(2, '0')}-01`
  return { start: at(first), end: addDays(at(first + months), -1) }
}
