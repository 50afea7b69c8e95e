import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'

/** Short name of the topic. */
export const FORECASTS_TOPIC = 'forecasts'

/** What a metric will have come to at the end of a period, as it was said after a day had closed. */
export interface ForecastRow extends BaseRecord {
  readonly scope: string
  readonly platform: string | null
  readonly campaign_id: string | null
  /** Null: of a period of the calendar. */
  readonly target_id: string | null
  readonly metric: string
  /** MONTH_END, QUARTER_END, YEAR_END, TARGET_END. */
  readonly horizon: string
  readonly horizon_date: string
  /** The last closed day. */
  readonly date: string
  readonly model: string
  readonly so_far: number | null
  readonly counted_from: string
  readonly mean: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly level: number
  readonly provisional: boolean
  readonly measured_coverage: number | null
  readonly settled_intervals: number
  readonly width: number
  readonly currency: string | null
  readonly reason: string | null
}

export const forecastKind = defineKind<ForecastRow>('forecast', [
  field('scope', 'string', 'tenant, platform or campaign'),
  field('platform', nullable('string')),
  field('campaign_id', nullable('string')),
  field('target_id', nullable('string'), 'null: of a period of the calendar'),
  field('metric', 'string', 'Money in units of the currency'),
  field('horizon', 'string', 'MONTH_END, QUARTER_END, YEAR_END or TARGET_END'),
  field('horizon_date', 'string', 'The last day that is counted'),
  field('date', 'string', 'The last closed day'),
  field('model', 'string'),
  field('so_far', nullable('double'), 'Of the closed days'),
  field('counted_from', 'string', 'The first day that is counted'),
  field('mean', nullable('double')),
  field('lower', nullable('double')),
  field('upper', nullable('double')),
  field('level', 'double'),
  field('provisional', 'boolean', 'Fewer than 182 days are known'),
  field('measured_coverage', nullable('double'), 'Share of its own past intervals that held; null: too few'),
  field('settled_intervals', 'long'),
  field('width', 'double', 'g: what its own past widens the interval by'),
  field('currency', nullable('string')),
  field('reason', nullable('string'), 'Why the mean or the bounds are null'),
])
