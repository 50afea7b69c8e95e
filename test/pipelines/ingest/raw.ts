import { deterministicId } from '../../../engine/codec/ids.ts'
import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import type { EventRecord } from '../../../plugins/records/event.ts'
import { noon } from '../facts.ts'
import type { Told } from '../row.ts'

const EVENT: EventRecord = {
  event_key: 'k',
  event_time: noon(),
  event_date: '2026-01-15',
  event_name: 'page_view',
  person_id: 'anna',
  user_id: null,
  session_id: '1',
  session_number: 1,
  source: null,
  medium: null,
  campaign: null,
  first_source: null,
  first_medium: null,
  first_campaign: null,
  page_location: null,
  page_referrer: null,
  page_title: null,
  device: null,
  country: null,
  transaction_id: null,
  value_micros: null,
  currency: null,
  consent_analytics: null,
  consent_ads: null,
  params: {},
  quality: [],
}

const REPORT: AdReportRecord = {
  platform: 'meta',
  date: '2026-01-14',
  account_id: 'act',
  campaign_id: 'c',
  adset_id: null,
  ad_id: 'a',
  impressions: 1000,
  clicks: 10,
  spend_micros: 5_000_000,
  revenue_micros: null,
  currency: 'EUR',
  conversions_micros: null,
  reach: null,
  settled: false,
  as_of: noon(),
}

interface Read {
  readonly tenant?: string
  /** UTC micros at which it was read. */
  readonly at?: number
}

const raw = (kind: string, data: object, { tenant = 'demo', at = noon(60) }: Read): Told => ({
  kind,
  value: { tenant_id: tenant, connection: 'c1', source: 'shop', ingest_time: at, data },
})

/** What the shop's connector read. */
export const read = {
  event: (fields: Partial<EventRecord> = {}, how: Read = {}) =>
    raw('raw_shop_events', { ...EVENT, ...fields }, how),
  report: (fields: Partial<AdReportRecord> = {}, how: Read = {}) =>
    raw('raw_shop_ad_reports', { ...REPORT, ...fields }, how),
  mark: (phase: 'start' | 'end', clock: 'event' | 'live'): Told => ({
    kind: 'sync',
    value: {
      tenant_id: 'demo',
      event_id: deterministicId('sync', phase),
      event_time: noon(60),
      ingest_time: noon(60),
      connection: 'c1',
      source: 'shop',
      phase,
      clock,
    },
  }),
}
