import { type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'

/** Short name of the topic. */
export const PACING_TOPIC = 'pacing'

/** How a target stood on a day, as it is known. */
export interface PacingRow extends BaseRecord {
  readonly target_id: string
  readonly date: string
  readonly metric_type: string
  readonly metric: string
  readonly scope: string
  readonly platform: string | null
  readonly campaign_id: string | null
  readonly start_date: string
  readonly end_date: string
  readonly target_value: number
  readonly actual: number | null
  readonly projected: number | null
  readonly elapsed: number
  readonly pace: number | null
  readonly attainment: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly band: number
  readonly status: string | null
  readonly phase: string
  readonly consumption: string | null
  readonly currency: string | null
  readonly reason: string | null
  readonly revision: number
}

export const pacingKind = defineKind<PacingRow>('pacing', [
  field('target_id', 'string'),
  field('date', 'string', 'Of the account; the last of the target once it is over'),
  field('metric_type', 'string', 'SPEND, REVENUE, ROAS, CONVERSIONS, LEADS or CPA'),
  field('metric', 'string', 'The series it is measured by'),
  field('scope', 'string', 'tenant, platform or campaign'),
  field('platform', nullable('string')),
  field('campaign_id', nullable('string')),
  field('start_date', 'string'),
  field('end_date', 'string'),
  field('target_value', 'double', 'SPEND, REVENUE, CPA: minor units of the currency'),
  field('actual', nullable('double'), 'In the unit of the target'),
  field('projected', nullable('double'), 'At its end'),
  field('elapsed', 'double', 'e: share of the period that has passed'),
  field('pace', nullable('double')),
  field('attainment', nullable('double')),
  field('lower', nullable('double'), '95 % bounds of the attainment'),
  field('upper', nullable('double')),
  field('band', 'double'),
  field('status', nullable('string'), 'ON_TRACK, AHEAD, BEHIND, AT_RISK or MISSED'),
  field('phase', 'string', 'NOT_STARTED, ACTIVE or ENDED'),
  field('consumption', nullable('string'), 'SPEND: warning or critical, consumed before its time'),
  field('currency', nullable('string')),
  field('reason', nullable('string'), 'Why the status is null'),
  field('revision', 'long'),
])

/** An alert of a target, each time something of it changed. */
export interface PacingAlert extends BaseRecord {
  readonly alert_id: string
  readonly target_id: string
  readonly type: string
  readonly severity: string
  readonly opened_at: number
  readonly cleared_at: number | null
  /** CONDITION, HAND, TARGET: the target ended, was changed or taken away. */
  readonly cleared_by: string | null
  readonly acknowledged_by: string | null
  readonly snoozed_until: number | null
  readonly note: string | null
  readonly revision: number
}

export const pacingAlertKind = defineKind<PacingAlert>('pacing_alert', [
  field('alert_id', 'string'),
  field('target_id', 'string'),
  field('type', 'string'),
  field('severity', 'string', 'warning or critical'),
  field('opened_at', 'long', 'UTC microseconds'),
  field('cleared_at', nullable('long')),
  field('cleared_by', nullable('string'), 'CONDITION, HAND or TARGET: it ended, was changed or taken away'),
  field('acknowledged_by', nullable('string')),
  field('snoozed_until', nullable('long')),
  field('note', nullable('string')),
  field('revision', 'long'),
])
