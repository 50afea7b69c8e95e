import { type FromSchema, integer, map, nullable, object, string } from '../../plugins/schema.ts'

/** Fields of an event and where each is in the sender's JSON (RFC 6901), as Shopify's orders have them. */
export const SHOPIFY_ORDER: Readonly<Record<string, string>> = {
  id: '/id',
  time: '/created_at',
  value: '/total_price',
  currency: '/currency',
  transaction_id: '/id',
  person_id: '/customer/id',
  user_id: '/email',
  page_location: '/landing_site',
  page_referrer: '/referring_site',
  country: '/billing_address/country_code',
}

export const Settings = object({
  secret: string({ title: 'Secret', description: 'What the sender signs with', secret: true, minLength: 8 }),
  signature_header: string({
    title: 'Header of the signature',
    description: 'HMAC-SHA256 over the body, or over what `signed` says',
    default: 'x-shopify-hmac-sha256',
  }),
  encoding: string({ title: 'How the signature is written', enum: ['base64', 'hex'], default: 'base64' }),
  prefix: string({ title: 'What stands before the signature', default: '', examples: ['sha256='] }),
  timestamp_header: string({
    title: 'Header of the time it was sent',
    description: 'Unix seconds or milliseconds; left empty: the sender gives none',
    default: '',
  }),
  signed: string({
    title: 'What is signed',
    description: '{body} and {timestamp} stand for what came',
    default: '{body}',
    examples: ['{timestamp}.{body}', 'v0:{timestamp}:{body}'],
  }),
  max_age_seconds: integer({
    title: 'How old a delivery may be',
    description: 'Where its time is given: what was listened to cannot be sent again later',
    default: 300,
    minimum: 1,
  }),
  event_name: string({ title: 'What a delivery is', default: 'purchase', minLength: 1 }),
  list: string({
    title: 'Where the list is',
    description: 'JSON pointer to a list of events; left empty: the body is one',
    default: '',
  }),
  fields: map(string(), {
    title: 'Where each field is',
    description: 'JSON pointers by field; left out: those of a Shopify order',
    default: SHOPIFY_ORDER,
  }),
  currency: nullable(
    string({ title: 'Currency', description: 'ISO 4217, where the sender gives none', default: null }),
  ),
  timezone: string({ title: 'Zone that days are in', default: 'UTC' }),
})

export type Settings = FromSchema<typeof Settings>
