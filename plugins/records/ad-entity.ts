import { type FromSchema, integer, nullable, object, string } from '../schema.ts'
import { platform } from './platform.ts'

/**
 * An account, campaign, ad set or ad as it stands on its platform (stream kind `ad_entity`). The latest `as_of` is in
 * force. What a level has not, or the platform does not say, is null.
 */
export const AdEntityRecord = object({
  platform,
  level: string({ enum: ['account', 'campaign', 'adset', 'ad'] }),
  account_id: string(),
  campaign_id: nullable(string()),
  adset_id: nullable(string({ description: 'Ad set, ad group or ad squad' })),
  ad_id: nullable(string()),
  name: nullable(string()),
  status: string({
    enum: ['ACTIVE', 'PAUSED', 'REMOVED', 'OTHER'],
    description: 'OTHER: in review, disapproved, ended; see platform_status',
  }),
  platform_status: nullable(
    string({ description: "As the platform says it; with its parents' where it tells" }),
  ),
  objective: nullable(string({ description: "The platform's own word" })),
  budget_micros: nullable(integer({ description: 'Of this level itself' })),
  budget_kind: nullable(string({ enum: ['daily', 'lifetime'] })),
  bid_micros: nullable(integer()),
  bid_strategy: nullable(string({ description: "The platform's own word" })),
  currency: nullable(string({ description: 'ISO 4217, of the account' })),
  zone: nullable(string({ description: 'IANA name, of the account' })),
  as_of: integer({ description: 'UTC microseconds: when the platform said so' }),
})

export type AdEntityRecord = FromSchema<typeof AdEntityRecord>
