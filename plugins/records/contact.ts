import { boolean, type FromSchema, integer, map, nullable, object, string } from '../schema.ts'

/**
 * A person in a CRM: contact or lead (stream kind `contact`). The latest `updated_at` is in force. What says who it
 * is becomes a pseudonym before it is stored.
 */
export const ContactRecord = object({
  contact_id: string(),
  email: nullable(string({ pseudonymise: 'email', description: 'Trimmed, lower case' })),
  phone: nullable(string({ pseudonymise: 'phone', description: 'E.164 where it can be told' })),
  created_at: nullable(integer({ description: 'UTC microseconds' })),
  updated_at: integer({ description: 'UTC microseconds' }),
  stage: nullable(string({ description: "Life cycle stage or lead status, the CRM's own word" })),
  owner_id: nullable(string()),
  lead_source: nullable(string({ description: 'Where the CRM says it came from' })),
  campaign: nullable(string()),
  click_ids: map(string(), { description: 'gclid, fbclid …, as they were given' }),
  is_deleted: boolean(),
})

export type ContactRecord = FromSchema<typeof ContactRecord>
