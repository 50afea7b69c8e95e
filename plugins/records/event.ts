import { array, type FromSchema, integer, map, nullable, object, string } from '../schema.ts'

/**
 * One thing a person did on a site or in an app, as a connector hands it on (stream kind `event`).
 * Money is micros of `currency`; times are UTC microseconds; what is unknown is null.
 */
export const EventRecord = object({
  event_key: string({
    description:
      'What makes the event itself and no other in its source; the same on every read. Hashed to event_id.',
  }),
  event_time: integer({ description: 'UTC microseconds' }),
  event_date: string({ description: 'YYYY-MM-DD in the zone of the property or account' }),
  event_name: string(),
  person_id: nullable(string({ pseudonymise: true, description: 'Cookie or instance id' })),
  user_id: nullable(string({ pseudonymise: true, description: 'Login id' })),
  session_id: nullable(string({ description: "The source's own session id, unique for the person" })),
  session_number: nullable(integer()),
  source: nullable(string({ description: 'Traffic source of this event' })),
  medium: nullable(string()),
  campaign: nullable(string()),
  first_source: nullable(string({ description: 'Traffic source that first brought the person' })),
  first_medium: nullable(string()),
  first_campaign: nullable(string()),
  page_location: nullable(string()),
  page_referrer: nullable(string()),
  page_title: nullable(string()),
  device: nullable(string({ description: 'desktop, mobile, tablet …' })),
  country: nullable(string()),
  transaction_id: nullable(string()),
  value_micros: nullable(integer()),
  currency: nullable(string({ description: 'ISO 4217, as the source gave it' })),
  consent_analytics: nullable(string({ description: 'granted or denied' })),
  consent_ads: nullable(string({ description: 'granted or denied' })),
  params: map(string(), { description: 'Every other parameter, as text' }),
  quality: array(string(), { description: 'Codes of doubts about this event, e.g. unknown_currency' }),
})

export type EventRecord = FromSchema<typeof EventRecord>
