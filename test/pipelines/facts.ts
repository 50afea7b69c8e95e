import type { Tick } from '../../engine/clock/tick.ts'
import type { AdReportFact, EventFact } from '../../pipelines/ingest/facts.ts'
import type { Told } from './row.ts'

/** UTC micros of noon of 2026-01-15, plus minutes. */
export const noon = (minutes = 0): number => Date.UTC(2026, 0, 15, 12) * 1000 + minutes * 60_000_000

const EVENT: EventFact = {
  tenant_id: 'demo',
  event_id: 'e',
  event_time: noon(),
  ingest_time: noon(60),
  source: 'ga4',
  event_date: '2026-01-15',
  event_name: 'page_view',
  person_key: 'anna',
  user_key: null,
  email_key: null,
  phone_key: null,
  items: null,
  variants: null,
  session_key: 'anna.1',
  session_id: '1',
  session_number: 1,
  traffic_source: null,
  traffic_medium: null,
  campaign: null,
  first_source: null,
  first_medium: null,
  first_campaign: null,
  page_location: null,
  page_referrer: null,
  page_title: null,
  device: 'mobile',
  country: 'Germany',
  transaction_id: null,
  value_micros: null,
  currency: null,
  consent_analytics: null,
  consent_ads: null,
  click_ids: {},
  params: {},
  quality: [],
}

/** An event of Anna's first visit at noon, with other fields where they are given. */
export const event = (fields: Partial<EventFact> = {}): EventFact => ({ ...EVENT, ...fields })

const REPORT: AdReportFact = {
  tenant_id: 'demo',
  event_id: 'r',
  event_time: Date.UTC(2026, 0, 14) * 1000,
  ingest_time: noon(60),
  source: 'meta',
  platform: 'meta',
  date: '2026-01-14',
  account_id: 'act',
  campaign_id: 'c',
  adset_id: 's',
  ad_id: 'a',
  impressions: 1000,
  clicks: 10,
  spend_micros: 5_000_000,
  revenue_micros: 20_000_000,
  currency: 'EUR',
  conversions_micros: 1_000_000,
  reach: 800,
  settled: false,
  as_of: noon(),
}

/** What Meta said at noon of an ad and the day before. */
export const report = (fields: Partial<AdReportFact> = {}): AdReportFact => ({ ...REPORT, ...fields })

export const told = {
  event: (value: EventFact): Told => ({ kind: 'event', value: { ...value } }),
  report: (value: AdReportFact): Told => ({ kind: 'ad_report', value: { ...value } }),
  /** A tick at an instant that has seen everything before it. */
  tick: (at: number, fields: Partial<Tick> = {}): Told => ({
    kind: 'tick',
    value: {
      tenant_id: 'demo',
      event_id: `tick-${at}`,
      event_time: at,
      ingest_time: at,
      watermark: at,
      final: false,
      ...fields,
    },
  }),
}
