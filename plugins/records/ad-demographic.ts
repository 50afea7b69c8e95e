import { boolean, type FromSchema, integer, nullable, object, string } from '../schema.ts'
import { platform } from './platform.ts'

/**
 * What a platform reports of one campaign, day and group of people (stream kind `ad_demographic`). A later report of
 * the same replaces an earlier one. A breakdown the platform was not asked for is null.
 */
export const AdDemographicRecord = object({
  platform,
  date: string({ description: "YYYY-MM-DD in the account's zone" }),
  account_id: string(),
  campaign_id: string(),
  age: nullable(string({ description: "The platform's own range: 25-34" })),
  gender: nullable(string({ enum: ['female', 'male', 'unknown'] })),
  country: nullable(string({ description: 'ISO 3166 alpha-2' })),
  impressions: nullable(integer()),
  clicks: nullable(integer()),
  spend_micros: nullable(integer()),
  revenue_micros: nullable(integer()),
  currency: string({ description: 'ISO 4217' }),
  conversions_micros: nullable(integer({ description: 'Conversions in millionths' })),
  settled: boolean({ description: 'The platform will not change this day any more' }),
  as_of: integer({ description: 'UTC microseconds: when the platform said so. The latest wins.' }),
})

export type AdDemographicRecord = FromSchema<typeof AdDemographicRecord>
