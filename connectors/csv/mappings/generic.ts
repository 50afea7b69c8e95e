import type { Mapping, Rule } from '../mapping.ts'

const optional = (column: string, unit?: 'major' | 'micros'): Rule => ({
  column,
  optional: true,
  ...(unit ? { unit } : {}),
})

/** Columns named as our fields; amounts either in micros (`spend_micros`) or in major units (`spend`). */
export const generic: Mapping = {
  columns: {
    platform: optional('platform'),
    date: optional('date'),
    account_id: optional('account_id'),
    campaign_id: 'campaign_id',
    adset_id: optional('adset_id'),
    ad_id: optional('ad_id'),
    impressions: optional('impressions'),
    clicks: optional('clicks'),
    spend_micros: [optional('spend_micros', 'micros'), optional('spend')],
    revenue_micros: [optional('revenue_micros', 'micros'), optional('revenue')],
    currency: optional('currency'),
    conversions_micros: [optional('conversions_micros', 'micros'), optional('conversions')],
    reach: optional('reach'),
    settled: optional('settled'),
    as_of: optional('as_of'),
  },
}
