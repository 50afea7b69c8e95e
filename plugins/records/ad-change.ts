import { type FromSchema, integer, nullable, object, string } from '../schema.ts'
import { platform } from './platform.ts'

/** A change that somebody made on an ad platform, from its change history (stream kind `ad_change`). */
export const AdChangeRecord = object({
  platform,
  change_id: string({ description: 'The same on every read' }),
  changed_at: integer({ description: 'UTC microseconds' }),
  account_id: string(),
  entity: string({ description: 'account, campaign, adset, ad, or the platform’s own word' }),
  entity_id: string(),
  field: nullable(string({ description: "The platform's own name" })),
  old_value: nullable(string()),
  new_value: nullable(string()),
  actor: nullable(string({ pseudonymise: true })),
  client: nullable(string({ description: 'What it was made with: the web interface, the API' })),
})

export type AdChangeRecord = FromSchema<typeof AdChangeRecord>
