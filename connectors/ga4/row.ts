/** A value where the export has a plain column: text, a number, a flag or nothing. */
export type Scalar = string | number | boolean | null

/**
 * One row of the export as both kinds of file give it, before any meaning is put on it. One object is filled again
 * for every row. Parameters without a value in any slot are left out.
 */
export interface Ga4Row {
  event_date: Scalar
  event_timestamp: Scalar
  event_name: Scalar
  user_pseudo_id: string | null
  user_id: string | null
  stream_id: string | null
  batch_page_id: string | null
  batch_ordering_id: string | null
  batch_event_index: string | null
  device: string | null
  country: string | null
  analytics_storage: string | null
  ads_storage: string | null
  first_source: string | null
  first_medium: string | null
  first_campaign: string | null
  manual_source: string | null
  manual_medium: string | null
  manual_campaign: string | null
  gclid: string | null
  dclid: string | null
  srsltid: string | null
  transaction_id: string | null
  revenue_usd: Scalar
  /** JSON of what was bought or given back; null of other events. */
  items: string | null
  /** Parameters: names and their values as text. Entries from `count` on are of an earlier row. */
  names: string[]
  texts: string[]
  /** The value came from the string slot (and may hold personal data). */
  free: boolean[]
  count: number
}

export const TEXT_FIELDS = {
  user_pseudo_id: 'user_pseudo_id',
  user_id: 'user_id',
  stream_id: 'stream_id',
  batch_page_id: 'batch_page_id',
  batch_ordering_id: 'batch_ordering_id',
  batch_event_index: 'batch_event_index',
  device: 'device.category',
  country: 'geo.country',
  analytics_storage: 'privacy_info.analytics_storage',
  ads_storage: 'privacy_info.ads_storage',
  first_source: 'traffic_source.source',
  first_medium: 'traffic_source.medium',
  first_campaign: 'traffic_source.name',
  manual_source: 'collected_traffic_source.manual_source',
  manual_medium: 'collected_traffic_source.manual_medium',
  manual_campaign: 'collected_traffic_source.manual_campaign_name',
  gclid: 'collected_traffic_source.gclid',
  dclid: 'collected_traffic_source.dclid',
  srsltid: 'collected_traffic_source.srsltid',
  transaction_id: 'ecommerce.transaction_id',
} as const

/** Where each plain field of a row lies in the export. */
export type TextField = keyof typeof TEXT_FIELDS

export const REQUIRED = ['event_date', 'event_timestamp', 'event_name'] as const
export const REVENUE_USD = 'ecommerce.purchase_revenue_in_usd'
export const SLOTS = ['string_value', 'int_value', 'float_value', 'double_value'] as const

export const emptyRow = (): Ga4Row => ({
  event_date: null,
  event_timestamp: null,
  event_name: null,
  user_pseudo_id: null,
  user_id: null,
  stream_id: null,
  batch_page_id: null,
  batch_ordering_id: null,
  batch_event_index: null,
  device: null,
  country: null,
  analytics_storage: null,
  ads_storage: null,
  first_source: null,
  first_medium: null,
  first_campaign: null,
  manual_source: null,
  manual_medium: null,
  manual_campaign: null,
  gclid: null,
  dclid: null,
  srsltid: null,
  transaction_id: null,
  revenue_usd: null,
  items: null,
  names: [],
  texts: [],
  free: [],
  count: 0,
})
