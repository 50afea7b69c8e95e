import type { Mapping } from '../mapping.ts'

/**
 * "Sales Conversion Optimization" of Kaggle (KAG_conversion_data.csv): one row an ad over its whole life. The
 * file has no date, account or currency; the constants are stand-ins, to be replaced by settings.
 * Total_Conversion counts enquiries, Approved_Conversion purchases: the latter are our conversions.
 */
export const kag: Mapping = {
  columns: {
    campaign_id: 'xyz_campaign_id',
    adset_id: 'fb_campaign_id',
    ad_id: 'ad_id',
    impressions: 'Impressions',
    clicks: 'Clicks',
    spend_micros: { column: 'Spent', unit: 'major' },
    conversions_micros: 'Approved_Conversion',
  },
  constants: { platform: 'meta', account_id: 'kag', currency: 'USD', date: '2017-08-31', settled: true },
}
