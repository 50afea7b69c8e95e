import { addDays } from '../../../engine/clock/days.ts'
import { DAYS_KEPT, type DayFigures, FIGURES, type SubjectView } from './subject.ts'

export type Field = keyof DayFigures
/** Sums from today back to each day: that of any window is a difference of two. */
interface Sums {
  /** Days that have a row. */
  readonly rows: Float64Array
  readonly of: Readonly<Record<Field, { readonly sum: Float64Array; readonly unknown: Float64Array }>>
}

const kept = new WeakMap<SubjectView, Sums>()

/**
 * Sum of a figure over days of a subject. A day without a row had no delivery, as platforms leave such days out. Null
 * where no day has a row, and where one has a row without the figure: the sum of the others is not that of all.
 * @param age of the last day: 0 is today
 */
export function sumOver(view: SubjectView, field: Field, age: number, days: number): number | null {
  let sums = kept.get(view)
  if (sums === undefined) {
    sums = sumsOf(view)
    kept.set(view, sums)
  }
  const { sum, unknown } = sums.of[field]
  const end = Math.min(age + days, DAYS_KEPT)
  if (sums.rows[end]! - sums.rows[age]! === 0 || unknown[end]! - unknown[age]! > 0) return null
  return sum[end]! - sum[age]!
}

function sumsOf({ days, today }: SubjectView): Sums {
  const empty = () => ({ sum: new Float64Array(DAYS_KEPT + 1), unknown: new Float64Array(DAYS_KEPT + 1) })
  const of = Object.fromEntries(FIGURES.map(name => [name, empty()])) as Record<
    Field,
    ReturnType<typeof empty>
  >
  const rows = new Float64Array(DAYS_KEPT + 1)
  const dates = datesBack(today)
  for (let age = 0; age < DAYS_KEPT; age++) {
    const day = days[dates[age]!]
    rows[age + 1] = rows[age]! + (day === undefined ? 0 : 1)
    for (const name of FIGURES) {
      const value = day?.[name] ?? null
      const { sum, unknown } = of[name]
      sum[age + 1] = sum[age]! + (value ?? 0)
      unknown[age + 1] = unknown[age]! + (day !== undefined && value === null ? 1 : 0)
    }
  }
  return { rows, of }
}

let last: { readonly today: string; readonly dates: readonly string[] } = { today: '', dates: [] }

/** Today and the days before it: thousands of subjects have the same. */
function datesBack(today: string): readonly string[] {
  if (last.today !== today)
    last = { today, dates: Array.from({ length: DAYS_KEPT }, (_, age) => addDays(today, -age)) }
  return last.dates
}
