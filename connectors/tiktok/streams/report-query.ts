import type { Json } from '../api/envelope.ts'

/** Days in the advertiser's zone, both included: at most 30 a request (platforms.md §3.2). */
export interface Days {
  readonly from: string
  readonly to: string
}

/** Ids of what an ad belongs to are asked for as metrics. */
const AD_METRICS = [
  ...['campaign_id', 'adgroup_id'],
  ...['spend', 'impressions', 'clicks', 'reach', 'conversion', 'total_purchase_value'],
]
/** What is reported of groups of people: no reach, no value of purchases. */
const GROUP_METRICS = ['spend', 'impressions', 'clicks', 'conversion']

/** Deleted objects are left out of a report unless all are asked for. `filter_value` is JSON in a text. */
const all = (field: string) => [
  { field_name: field, filter_type: 'IN', filter_value: JSON.stringify(['STATUS_ALL']) },
]

/** What is asked of `report/integrated/get/`. Pure. */
export const reportQuery = {
  ads: (advertiserId: string, { from, to }: Days): Json => ({
    advertiser_id: advertiserId,
    service_type: 'AUCTION',
    report_type: 'BASIC',
    data_level: 'AUCTION_AD',
    dimensions: ['ad_id', 'stat_time_day'],
    metrics: AD_METRICS,
    start_date: from,
    end_date: to,
    filtering: all('ad_status'),
  }),
  groups: (advertiserId: string, { from, to }: Days): Json => ({
    advertiser_id: advertiserId,
    service_type: 'AUCTION',
    report_type: 'AUDIENCE',
    data_level: 'AUCTION_CAMPAIGN',
    dimensions: ['campaign_id', 'stat_time_day', 'gender', 'age', 'country_code'],
    metrics: GROUP_METRICS,
    start_date: from,
    end_date: to,
    filtering: all('campaign_status'),
  }),
}
