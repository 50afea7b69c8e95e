import type { Mapping } from '../mapping.ts'

/**
 * A report downloaded from the Google Ads interface, segmented by day. Two title lines stand above its header,
 * `Total: …` rows below; `--` is no value. Amounts are major units.
 */
export const googleAds: Mapping = {
  columns: {
    date: 'Day',
    account_id: { column: 'Customer ID', remove: '-', optional: true },
    campaign_id: 'Campaign ID',
    adset_id: { column: 'Ad group ID', optional: true },
    ad_id: { column: 'Ad ID', optional: true },
    currency: [
      { column: 'Currency code', optional: true },
      { column: 'Currency', optional: true },
    ],
    impressions: ['Impr.', 'Impressions'],
    clicks: 'Clicks',
    spend_micros: 'Cost',
    conversions_micros: { column: 'Conversions', optional: true },
    revenue_micros: [
      { column: 'Conv. value', optional: true },
      { column: 'Conversions value', optional: true },
    ],
  },
  constants: { platform: 'google' },
  header_within: 10,
  totals: 'Total:',
}
