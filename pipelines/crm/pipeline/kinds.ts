import { type BaseRecord, defineKind, field, nullable } from '../../../engine/codec/kind.ts'

/** What became of the contacts of a day that an ad of a campaign brought, at one revision. Money in micros. */
export interface PipelineDaily extends BaseRecord {
  /** UTC day of the contacts' creation; spend of the same day in the account's zone. */
  readonly date: string
  readonly platform: string | null
  readonly campaign_id: string | null
  readonly leads: number
  readonly mqls: number
  readonly sqls: number
  readonly opportunities: number
  readonly deals_won: number
  readonly pipeline_value_micros: number | null
  readonly won_revenue_micros: number | null
  readonly open_value_micros: number | null
  readonly weighted_value_micros: number | null
  readonly deals_without_amount: number
  readonly currency: string | null
  readonly spend_micros: number | null
  readonly spend_currency: string | null
  readonly pipeline_roas: number | null
  readonly won_roas: number | null
  /** Why the two before it are null. */
  readonly reason: string | null
  readonly revision: number
}

export const pipelineDailyKind = defineKind<PipelineDaily>('pipeline_daily', [
  field('date', 'string', "UTC day of the contacts' creation"),
  field('platform', nullable('string')),
  field('campaign_id', nullable('string')),
  field('leads', 'long'),
  field('mqls', 'long'),
  field('sqls', 'long'),
  field('opportunities', 'long'),
  field('deals_won', 'long'),
  field('pipeline_value_micros', nullable('long'), 'Of deals that are open or won'),
  field('won_revenue_micros', nullable('long')),
  field('open_value_micros', nullable('long')),
  field(
    'weighted_value_micros',
    nullable('long'),
    'Open deals by the probability of their stage, and won ones',
  ),
  field('deals_without_amount', 'long'),
  field('currency', nullable('string'), 'Of deals'),
  field('spend_micros', nullable('long')),
  field('spend_currency', nullable('string')),
  field('pipeline_roas', nullable('double')),
  field('won_roas', nullable('double')),
  field('reason', nullable('string'), 'Why there is no return on ad spend'),
  field('revision', 'long'),
])
