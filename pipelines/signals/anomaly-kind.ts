import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'

/** One value of one series, and what its detector said of it. */
export interface AnomalyRecord extends BaseRecord {
  readonly platform: string
  readonly metric: string
  /** Campaign; null: the platform as a whole. */
  readonly entity: string | null
  readonly interval: 'hour' | 'day'
  readonly detector: string
  readonly value: number | null
  readonly expected: number | null
  readonly score: number | null
  readonly direction: string | null
  readonly alert: boolean
}

export const anomalyKind = defineKind<AnomalyRecord>('anomaly', [
  field('platform', 'string'),
  field('metric', 'string', 'Money in units of the currency; hourly ones name their source'),
  field('entity', nullable('string'), 'Campaign; null: the platform as a whole'),
  field('interval', 'string', 'hour or day; event_time is when it began'),
  field('detector', 'string'),
  field('value', nullable('double')),
  field('expected', nullable('double')),
  field('score', nullable('double'), 'In z units, 0 to 20; null while warming up'),
  field('direction', nullable('string'), 'above or below'),
  field('alert', 'boolean'),
])
