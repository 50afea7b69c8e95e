import type { AdFigures } from '../../../plugins/simulator/world/port.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { METRICS, NOTHING, sumOf } from './figures.ts'
import type { Query } from './gaql/parse.ts'
import { matches, type ResultRow, type Value } from './gaql/row.ts'
import type { Flat } from './objects.ts'

/** Days that a query is about, of those there is anything of. */
export function daysOf({ where }: Query, firstDay: string, zone: string, asOf: number): string[] {
  const conditions = where.filter(c => c.field === 'segments.date')
  const today = dayIn(zone, asOf)
  const bound = (operators: readonly string[]) =>
    conditions.find(c => operators.includes(c.operator))?.values[0]
  const from = bound(['>=', '=']) ?? firstDay
  const to = bound(['<=', '=']) ?? today
  const days: string[] = []
  for (let day = from < firstDay ? firstDay : from; day <= to && day <= today; day = addDays(day, 1))
    if (matches({ get: () => day }, conditions)) days.push(day)
  return days
}

/** A row: resources, and what they came to on a day or on all days together. */
export class FiguresRow implements ResultRow {
  readonly #parts: readonly Flat[]
  readonly #date: string | null
  readonly #figures: AdFigures

  constructor(parts: readonly Flat[], date: string | null, figures: AdFigures) {
    this.#parts = parts
    this.#date = date
    this.#figures = figures
  }

  get(field: string): Value {
    if (field === 'segments.date') return this.#date
    if (field.startsWith('metrics.')) return METRICS[field.slice(8)]!(this.#figures)
    for (const part of this.#parts) if (field in part) return part[field]
    return null
  }
}

/**
 * Rows of resources with figures: one a day where the query is segmented by day, else one for all days. Segmented,
 * rows whose metrics are all 0 are left out (zero-metrics guide of the API).
 */
export function* rowsOf(
  query: Query,
  parts: readonly Flat[],
  days: readonly string[],
  figuresOn: (day: string) => AdFigures | null,
): Generator<ResultRow> {
  const metrics = query.select.filter(field => field.startsWith('metrics.'))
  if (!query.select.includes('segments.date')) {
    const all = metrics.length === 0 ? [] : days.map(day => figuresOn(day) ?? NOTHING)
    yield new FiguresRow(parts, null, sumOf([NOTHING, ...all]))
    return
  }
  for (const day of days) {
    const figures = figuresOn(day)
    if (figures === null) continue
    const row = new FiguresRow(parts, day, figures)
    if (metrics.length === 0 || metrics.some(field => row.get(field) !== 0)) yield row
  }
}
