import { addDays } from '../../../../engine/clock/days.ts'
import { recorded } from '../../../recorded.ts'
import { UNSETTLED_DAYS } from '../../../signals/model/platform-state.ts'
import type { DaySums, Facts } from './facts.ts'

/** A day without a row had no delivery. */
const NOTHING: DaySums = { spend_micros: 0, revenue_micros: 0, conversions_micros: 0 }

/** The last settled days, the newest first. Settled: three days and more before today. */
export const settledDays = ({ days, today }: Facts, count: number): readonly DaySums[] =>
  Array.from({ length: count }, (_, i) => days[addDays(today, -UNSETTLED_DAYS - i)] ?? NOTHING)

/** Sums of some days; null where one of them is not known. */
export function sumsOf(days: readonly DaySums[]): DaySums {
  const sum = (name: keyof DaySums) =>
    days.reduce<number | null>((a, day) => (a === null || day[name] === null ? null : a + day[name]), 0)
  return {
    spend_micros: sum('spend_micros'),
    revenue_micros: sum('revenue_micros'),
    conversions_micros: sum('conversions_micros'),
  }
}

/** Revenue ÷ spend, as it is recorded; null: not known, or nothing was spent. */
export const roasOf = ({ spend_micros, revenue_micros }: DaySums): number | null =>
  spend_micros === null || revenue_micros === null || spend_micros <= 0
    ? null
    : recorded(revenue_micros / spend_micros)
