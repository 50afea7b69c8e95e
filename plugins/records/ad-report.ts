import { boolean, type FromSchema, integer, nullable, object, string } from '../schema.ts'
import { platform } from './platform.ts'

/**
 * What a platform reports of one ad (or the finest level it gives) and day (stream kind `ad_report`). A later
 * report of the same entity and day replaces an earlier one: platforms restate history.
 */
export const AdReportRecord = object({
  platform,
  date: string({ description: "YYYY-MM-DD in the account's zone" }),
  account_id: string(),
  campaign_id: string(),
  adset_id: nullable(string()),
  ad_id: nullable(string()),
  impressions: nullable(integer()),
  clicks: nullable(integer()),
  spend_micros: nullable(integer()),
  revenue_micros: nullable(integer()),
  currency: string({ description: 'ISO 4217' }),
  conversions_micros: nullable(
    integer({ description: 'Conversions in millionths: platforms report fractions' }),
  ),
  reach: nullable(integer()),
  settled: boolean({ description: 'The platform will not change this day any more' }),
  as_of: integer({
    description: 'UTC microseconds: when the platform (or the file) said so. The latest wins.',
  }),
})

export type AdReportRecord = FromSchema<typeof AdReportRecord>
