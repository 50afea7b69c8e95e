import { addDays, dayIn } from '../../engine/clock/days.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'
import type { Trust } from '../trust/model/evaluate.ts'
import { type PlatformState, UNSETTLED_DAYS, zoneOf } from './model/platform-state.ts'

/** The platform's revenue against that of the analytics source, of the seven days up to one that is settled. */
export interface VarianceDaily extends BaseRecord {
  readonly platform: string
  /** The last of the seven days. */
  readonly date: string
  readonly platform_revenue_micros: number | null
  readonly ga4_revenue_micros: number | null
  readonly currency: string | null
  readonly ratio: number | null
  readonly baseline: number | null
  readonly drift: number | null
  readonly variance_pct: number | null
  readonly score: number | null
  readonly revision: number
}

export const varianceDailyKind = defineKind<VarianceDaily>('variance_daily', [
  field('platform', 'string'),
  field('date', 'string', 'The last of the seven days'),
  field('platform_revenue_micros', nullable('long'), 'Of the seven days'),
  field('ga4_revenue_micros', nullable('long')),
  field('currency', nullable('string')),
  field('ratio', nullable('double'), 'Platform ÷ GA4'),
  field('baseline', nullable('double'), 'The ratio that is usual'),
  field('drift', nullable('double'), 'Distance from it in its own spread'),
  field('variance_pct', nullable('double'), '100·(platform − GA4) ÷ GA4'),
  field('score', nullable('double')),
  field('revision', 'long', '1 for the first, one more for every change'),
])

/** The row of an evaluation; null: it says what the last one said. In place: what was said last. */
export function varianceOf(
  state: PlatformState,
  { variance }: Pick<Trust, 'variance'>,
  base: Omit<BaseRecord, 'event_id'> & { readonly platform: string },
): VarianceDaily | null {
  const date = addDays(dayIn(zoneOf(state), state.now), -UNSETTLED_DAYS)
  const { inputs, log_ratio, drift, variance_pct, value } = variance
  const { platform_revenue, ga4_revenue } = inputs
  if (platform_revenue === null && ga4_revenue === null) return null
  const figures = {
    platform_revenue_micros: platform_revenue,
    ga4_revenue_micros: ga4_revenue,
    ratio: log_ratio === null ? null : Math.exp(log_ratio),
    baseline: drift === null ? null : Math.exp(drift.baseline),
    drift: drift?.z ?? null,
    variance_pct,
    score: value,
  }
  const text = JSON.stringify(figures)
  const { shown } = state
  if (shown.date === date && shown.text === text) return null
  state.shown = { date, text, revision: shown.date === date ? shown.revision + 1 : 1 }
  const { revision } = state.shown
  return {
    ...base,
    event_id: deterministicId(base.tenant_id, base.platform, 'variance', date, revision),
    date,
    currency: state.days.currency ?? state.days.analyticsCurrency,
    ...figures,
    revision,
  }
}
