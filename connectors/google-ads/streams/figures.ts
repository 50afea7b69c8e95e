import type { Json } from '../api/exact-json.ts'
import { millionths, whole } from '../fields.ts'

/** Figures that a report asks for. */
export const METRICS =
  'metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value'

export interface Figures {
  readonly impressions: number | null
  readonly clicks: number | null
  readonly spend_micros: number | null
  readonly revenue_micros: number | null
  readonly conversions_micros: number | null
}

/** Counts and cost are int64, conversions a fraction, their value in major units (platforms.md §0.1). @throws RowError */
export const figuresOf = (row: Json): Figures => ({
  impressions: whole(row, 'metrics.impressions'),
  clicks: whole(row, 'metrics.clicks'),
  spend_micros: whole(row, 'metrics.costMicros'),
  revenue_micros: millionths(row, 'metrics.conversionsValue'),
  conversions_micros: millionths(row, 'metrics.conversions'),
})

const NAMES = ['impressions', 'clicks', 'spend_micros', 'revenue_micros', 'conversions_micros'] as const

/** A sum with an unknown part is unknown. */
export const sumOf = (a: Figures, b: Figures): Figures =>
  Object.fromEntries(
    NAMES.map(name => {
      const [x, y] = [a[name], b[name]]
      return [name, x === null || y === null ? null : x + y]
    }),
  ) as unknown as Figures
