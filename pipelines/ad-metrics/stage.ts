import { defineKind, field, nullable } from '../../engine/codec/kind.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { AdReportFact } from '../ingest/facts.ts'
import { adFiguresKind } from '../signals/handed.ts'
import { nothingReported, type Restated, restate } from './model.ts'

/** The figures of one ad and day at one revision. */
export interface AdMetrics extends AdReportFact {
  readonly revision: number
}

export const adMetricsKind = defineKind<AdMetrics>('ad_metrics', [
  field('source', 'string'),
  field('platform', 'string'),
  field('date', 'string'),
  field('account_id', 'string'),
  field('campaign_id', 'string'),
  field('adset_id', nullable('string')),
  field('ad_id', nullable('string')),
  field('impressions', nullable('long')),
  field('clicks', nullable('long')),
  field('spend_micros', nullable('long')),
  field('revenue_micros', nullable('long')),
  field('currency', 'string'),
  field('conversions_micros', nullable('long')),
  field('reach', nullable('long')),
  field('settled', 'boolean'),
  field('as_of', 'long'),
  field('revision', 'long'),
])

/** Platforms restate history: each change of a figure is a new revision, a report that repeats itself is none. */
export const adMetrics = stage({
  name: 'ad-metrics',
  version: 1,
  key: (r: AdReportFact) => [
    r.tenant_id,
    r.platform,
    r.account_id,
    r.campaign_id,
    r.adset_id ?? '',
    r.ad_id ?? '',
    r.date,
  ],
  state: { version: 1, empty: nothingReported },
  on: {
    ad_report(state: Restated, report: AdReportFact, ctx) {
      const before = state.measures
      if (!restate(state, report)) return
      const { tenant_id, platform, account_id, campaign_id, adset_id, ad_id, date } = report
      const { event_id, event_time, ingest_time, as_of } = report
      const key = [tenant_id, platform, account_id, campaign_id, adset_id ?? '', ad_id ?? '', date]
      ctx.emit('metrics', adMetricsKind, { ...report, revision: state.revision }, key)
      const what = { platform, account_id, campaign_id, adset_id, ad_id, date, as_of }
      const figures = { before, after: state.measures! }
      ctx.hand(adFiguresKind, { tenant_id, event_id, event_time, ingest_time, ...what, ...figures })
    },
  },
})
