import type { Delivery, Received } from '../../plugins/contract.ts'
import { isCurrency, toMicros } from '../../plugins/money/index.ts'
import type { EventRecord } from '../../plugins/records/event.ts'
import { exactJson } from '../../plugins/rows/index.ts'
import { dayIn } from '../../plugins/sync/index.ts'
import { at } from './pointer.ts'
import type { Settings } from './settings.ts'

const STREAM = 'events'

/**
 * The events of a delivery. What cannot be one is a rejected row: the sender is told that it has arrived, since
 * sending it again would change nothing.
 */
export function eventsOf({ body }: Delivery, settings: Settings): Received {
  const whole = parse(body)
  if (whole === undefined) return rejected('it is no JSON', body)
  const list = settings.list === '' ? [whole] : at(whole, settings.list)
  if (!Array.isArray(list)) return rejected(`there is no list at ${settings.list}`, body)
  const records: EventRecord[] = []
  const bad: { reason: string; origin: string; bytes: Buffer | null }[] = []
  for (const [i, item] of list.entries()) {
    const event = eventOf(item, settings)
    if (typeof event === 'string')
      // The row is the sender's, with whatever it says of people: it is not kept.
      bad.push({ reason: event, origin: `delivery, item ${i + 1}`, bytes: null })
    else records.push(event)
  }
  return { batches: [{ stream: STREAM, records, rejected: bad }] }
}

function eventOf(item: unknown, settings: Settings): EventRecord | string {
  const { fields, event_name, timezone } = settings
  const text = (field: string): string | null => {
    const pointer = fields[field]
    const value = pointer === undefined ? undefined : at(item, pointer)
    return typeof value === 'string' ? value : null
  }
  const id = text('id')
  if (id === null || id === '') return `there is no id at ${fields.id ?? '(no pointer)'}`
  const time = micros(text('time'))
  if (time === null) return `there is no time at ${fields.time ?? '(no pointer)'}`
  const quality: string[] = []
  const currency = text('currency') ?? settings.currency
  const known = currency !== null && isCurrency(currency)
  if (currency !== null && !known) quality.push('unknown_currency')
  return {
    event_key: `${event_name}:${id}`,
    event_time: time,
    event_date: dayIn(timezone, time),
    event_name,
    person_id: text('person_id'),
    user_id: text('user_id')?.trim().toLowerCase() || null,
    session_id: null,
    session_number: null,
    source: null,
    medium: null,
    campaign: null,
    first_source: null,
    first_medium: null,
    first_campaign: null,
    page_location: text('page_location'),
    page_referrer: text('page_referrer'),
    page_title: null,
    device: null,
    country: text('country'),
    transaction_id: text('transaction_id'),
    value_micros: known ? amount(text('value'), currency, quality) : null,
    currency,
    consent_analytics: null,
    consent_ads: null,
    params: {},
    quality,
  }
}

function amount(text: string | null, currency: string, quality: string[]): number | null {
  if (text === null) return null
  try {
    return toMicros(text, { currency })
  } catch {
    quality.push('bad_value')
    return null
  }
}

/** ISO 8601 with a zone, or Unix seconds, milliseconds or microseconds by their length; UTC microseconds. */
function micros(text: string | null): number | null {
  if (text === null) return null
  if (/^\d{9,16}$/.test(text)) return Number(text.padEnd(16, '0').slice(0, 16)) || null
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(text)) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms * 1000
}

function parse(body: Buffer): unknown {
  try {
    return exactJson(body.toString('utf8'))
  } catch {
    return undefined
  }
}

const rejected = (reason: string, body: Buffer): Received => ({
  batches: [
    {
      stream: STREAM,
      records: [],
      rejected: [{ reason, origin: `delivery of ${body.length} bytes`, bytes: null }],
    },
  ],
})
