import type { Delivery, Received, Setting } from '../../plugins/contract.ts'
import { authError, configError } from '../../plugins/errors.ts'
import type { ContactRecord } from '../../plugins/records/contact.ts'
import { made, needed, type Row, RowError, text, time } from '../../plugins/rows/index.ts'
import type { Settings } from './settings.ts'
import { type Refusal, refusal } from './signature.ts'

const WORDS: Readonly<Record<Refusal, string>> = {
  unsigned: 'it is not signed (X-HubSpot-Signature-v3, X-HubSpot-Request-Timestamp)',
  unreadable: 'its time is no number of milliseconds',
  stale: 'it is older than five minutes',
  future: 'its time is in the future',
  forged: 'its signature is not of this address, body and secret',
}

/**
 * What HubSpot sends by itself: that something has changed, which the next sync reads. Events come in any order and
 * more than once, and hold one property at most. Only of a contact that was deleted for good (`privacyDeletion`)
 * nothing can be read any more: that is handed on at once.
 * @throws auth: HubSpot has not sent it; config: it is not said where deliveries come in
 */
export function receive(
  delivery: Delivery,
  { config, now }: Pick<Setting<Settings>, 'config' | 'now'>,
): Received {
  const { webhook_url: uri, client_secret: secret } = config
  if (uri === undefined) throw configError('is missing: signatures are over the address', '/webhook_url')
  if (secret === undefined) throw configError('is missing: deliveries are signed with it', '/client_secret')
  const { method, body, headers } = delivery
  const signature = headers['x-hubspot-signature-v3'] ?? null
  const timestamp = headers['x-hubspot-request-timestamp'] ?? null
  const refused = refusal({ method, uri, body, signature, timestamp }, secret, now())
  if (refused !== null) throw authError(`the delivery is refused: ${WORDS[refused]}`)
  const { records, rejected } = made(eventsOf(body), goneOf, {
    origin: event => `webhook event ${event.eventId ?? '(without eventId)'}`,
    personal: ['propertyValue'],
  })
  const gone = records.filter(record => record !== null)
  return { batches: [{ stream: 'contacts', records: gone, rejected }], sync: true }
}

const MAX_KEPT = 10_000

/** A body that is no list of events is one event that cannot be read. */
function eventsOf(body: Buffer): readonly Row[] {
  const whole = body.toString('utf8')
  try {
    const events: unknown = JSON.parse(whole)
    if (Array.isArray(events)) return events.map(event => ({ ...event }))
  } catch {
    // Below.
  }
  return [{ body: whole.slice(0, MAX_KEPT) }]
}

/** A contact that is no more; null for any other event. @throws RowError */
function goneOf(event: Row): ContactRecord | null {
  const type = needed(text(event, 'subscriptionType'), 'subscriptionType')
  if (type !== 'contact.privacyDeletion') return null
  const id = needed(text(event, 'objectId'), 'objectId')
  const at = time(event, 'occurredAt')
  if (at === null) throw new RowError('occurredAt is missing')
  return {
    contact_id: id,
    email: null,
    phone: null,
    created_at: null,
    updated_at: at,
    stage: null,
    owner_id: null,
    lead_source: null,
    campaign: null,
    click_ids: {},
    is_deleted: true,
  }
}
