import { type AvroSchema, type BaseRecord, defineKind, field, nullable } from '../../engine/codec/kind.ts'

/** One event of a person, normalised: what every later stage reads. Unknown is null. */
export interface EventFact extends BaseRecord {
  /** The connector's id. */
  readonly source: string
  /** YYYY-MM-DD in the property's zone. */
  readonly event_date: string
  readonly event_name: string
  /** Pseudonym of the cookie or instance; null without consent. */
  readonly person_key: string | null
  readonly user_key: string | null
  /** Pseudonyms of the hashed addresses that the event brings. */
  readonly email_key: string | null
  readonly phone_key: string | null
  /** person_key and session id; null when either is unknown. */
  readonly session_key: string | null
  readonly session_id: string | null
  readonly session_number: number | null
  readonly traffic_source: string | null
  readonly traffic_medium: string | null
  readonly campaign: string | null
  readonly first_source: string | null
  readonly first_medium: string | null
  readonly first_campaign: string | null
  readonly page_location: string | null
  readonly page_referrer: string | null
  readonly page_title: string | null
  readonly device: string | null
  readonly country: string | null
  readonly transaction_id: string | null
  readonly value_micros: number | null
  readonly currency: string | null
  readonly consent_analytics: string | null
  readonly consent_ads: string | null
  /** By the platform's URL parameter: gclid, fbclid … Never hashed: platforms want them as they are. */
  readonly click_ids: Readonly<Record<string, string>>
  readonly params: Readonly<Record<string, string>>
  /** JSON of the parameters that say what was bought, and of those that say which variant somebody was shown. */
  readonly items: string | null
  readonly variants: string | null
  /** Codes of doubts: unknown_currency, bad_value. */
  readonly quality: readonly string[]
}

const mapOfStrings = { type: 'map', values: 'string' } as AvroSchema
const strings = { type: 'array', items: 'string' } as AvroSchema

export const eventKind = defineKind<EventFact>('event', [
  field('source', 'string'),
  field('event_date', 'string', "YYYY-MM-DD in the property's zone"),
  field('event_name', 'string'),
  field('person_key', nullable('string')),
  field('user_key', nullable('string')),
  field('session_key', nullable('string')),
  field('session_id', nullable('string')),
  field('session_number', nullable('long')),
  field('traffic_source', nullable('string')),
  field('traffic_medium', nullable('string')),
  field('campaign', nullable('string')),
  field('first_source', nullable('string')),
  field('first_medium', nullable('string')),
  field('first_campaign', nullable('string')),
  field('page_location', nullable('string')),
  field('page_referrer', nullable('string')),
  field('page_title', nullable('string')),
  field('device', nullable('string')),
  field('country', nullable('string')),
  field('transaction_id', nullable('string')),
  field('value_micros', nullable('long')),
  field('currency', nullable('string')),
  field('consent_analytics', nullable('string')),
  field('consent_ads', nullable('string')),
  field('click_ids', mapOfStrings),
  field('params', mapOfStrings),
  field('quality', strings),
  field('email_key', nullable('string'), 'Pseudonym of a hashed e-mail that came with it'),
  field('phone_key', nullable('string'), 'Pseudonym of a hashed telephone number that came with it'),
  field('items', nullable('string'), 'JSON of the parameters that say what was bought'),
  field(
    'variants',
    nullable('string'),
    'JSON of the parameters that say which variant of an experiment was shown',
  ),
])

/** What a platform reported of one ad (or the finest level it gives) and day. The latest `as_of` is in force. */
export interface AdReportFact extends BaseRecord {
  readonly source: string
  readonly platform: string
  readonly date: string
  readonly account_id: string
  readonly campaign_id: string
  readonly adset_id: string | null
  readonly ad_id: string | null
  readonly impressions: number | null
  readonly clicks: number | null
  readonly spend_micros: number | null
  readonly revenue_micros: number | null
  readonly currency: string
  /** Millionths: platforms report fractions, and a sum of floats depends on its order. */
  readonly conversions_micros: number | null
  readonly reach: number | null
  readonly settled: boolean
  readonly as_of: number
}

export const adReportKind = defineKind<AdReportFact>('ad_report', [
  field('source', 'string'),
  field('platform', 'string'),
  field('date', 'string', "YYYY-MM-DD in the account's zone"),
  field('account_id', 'string'),
  field('campaign_id', 'string'),
  field('adset_id', nullable('string')),
  field('ad_id', nullable('string')),
  field('impressions', nullable('long')),
  field('clicks', nullable('long')),
  field('spend_micros', nullable('long')),
  field('revenue_micros', nullable('long')),
  field('currency', 'string'),
  field('conversions_micros', nullable('long')),
  field('reach', nullable('long')),
  field('settled', 'boolean'),
  field('as_of', 'long'),
])
