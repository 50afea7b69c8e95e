import { redactNamedPii, redactPii } from '../../plugins/privacy/redact.ts'
import type { EventRecord } from '../../plugins/records/event.ts'
import { eventKey } from './event-key.ts'
import { consent, eventDate, eventName, eventTime, toInteger, unset } from './fields.ts'
import { moneyOf } from './money.ts'
import type { Ga4Row } from './row.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Draft = Writable<Omit<EventRecord, 'params'>> & { params: Record<string, string> }

/** The columns parameters are lifted into, and `value` and `currency`, which need each other. */
const LIFTED: ReadonlyMap<string, number> = new Map(
  [
    'ga_session_id',
    'ga_session_number',
    'source',
    'medium',
    'campaign',
    'page_location',
    'page_referrer',
    'page_title',
    'transaction_id',
    'value',
    'currency',
  ].map((name, i) => [name, i]),
)

/** The event a row is. Throws BadRow when name, date or instant cannot be read. */
export function toEvent(row: Ga4Row): EventRecord {
  const time = eventTime(row.event_timestamp)
  const event: Draft = {
    event_key: '',
    event_time: time,
    event_date: eventDate(row.event_date),
    event_name: redactPii(eventName(row.event_name)),
    person_id: row.user_pseudo_id,
    user_id: row.user_id,
    session_id: null,
    session_number: null,
    source: row.manual_source,
    medium: row.manual_medium,
    campaign: row.manual_campaign,
    first_source: row.first_source,
    first_medium: row.first_medium,
    first_campaign: row.first_campaign,
    page_location: null,
    page_referrer: null,
    page_title: null,
    device: row.device && redactPii(row.device),
    country: row.country && redactPii(row.country),
    transaction_id: null,
    value_micros: null,
    currency: null,
    consent_analytics: consent(row.analytics_storage),
    consent_ads: consent(row.ads_storage),
    params: {},
    quality: [],
  }
  event.event_key = eventKey(row, time)
  let value: string | null = null
  let currency: string | null = null
  let transaction: string | null = null
  for (let i = 0; i < row.count; i++) {
    const name = row.names[i]!
    const raw = row.texts[i]!
    const text = row.free[i]! || raw.length > 5 ? redactNamedPii(name, raw) : raw
    switch (LIFTED.get(name)) {
      case undefined:
        put(event.params, name, text)
        break
      case 0:
        event.session_id = text
        break
      case 1:
        event.session_number = toInteger(text)
        if (event.session_number === null) put(event.params, name, text)
        break
      case 2:
        event.source = text
        break
      case 3:
        event.medium = text
        break
      case 4:
        event.campaign = text
        break
      case 5:
        event.page_location = text
        break
      case 6:
        event.page_referrer = text
        break
      case 7:
        event.page_title = text
        break
      case 8:
        transaction = text
        break
      case 9:
        value = text
        break
      case 10:
        currency = text
        break
    }
  }
  setTransaction(event, row.transaction_id, transaction)
  setMoney(event, row, value, currency)
  if (row.items !== null) event.params.items ??= row.items
  addClickIds(event.params, row)
  return event
}

function setTransaction(event: Draft, ofRow: string | null, ofParams: string | null): void {
  const id = unset(ofRow)
  event.transaction_id = id === null ? unset(ofParams) : redactPii(id)
  // Two different ids: the export's own column wins, and the other one is not lost.
  if (unset(ofParams) !== null && ofParams !== event.transaction_id)
    put(event.params, 'transaction_id', ofParams!)
}

function setMoney(event: Draft, row: Ga4Row, value: string | null, currency: string | null): void {
  if (row.revenue_usd === null && value === null) {
    if (currency !== null) event.params.currency = currency
    return
  }
  const money = moneyOf(row.revenue_usd, value, currency)
  event.value_micros = money.value_micros
  event.currency = money.currency
  if (money.doubt) event.quality.push(money.doubt)
  if (money.fromParams) return
  if (value !== null) event.params.value = value
  if (currency !== null) event.params.currency = currency
}

function addClickIds(params: Record<string, string>, row: Ga4Row): void {
  if (row.gclid !== null) params.gclid ??= row.gclid
  if (row.dclid !== null) params.dclid ??= row.dclid
  if (row.srsltid !== null) params.srsltid ??= row.srsltid
}

function put(params: Record<string, string>, name: string, text: string): void {
  if (name !== '__proto__') params[name] = text
  else
    Object.defineProperty(params, name, { value: text, enumerable: true, configurable: true, writable: true })
}
