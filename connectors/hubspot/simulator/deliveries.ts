import type { Platform } from '../../../plugins/contract.ts'
import { REPLAY, signatureV3 } from '../signature.ts'
import { HUB_ID } from './account-routes.ts'

export const WEBHOOK_URL = 'https://stratum.example/webhooks/acme/crm'

/** Lists of what was subscribed to, for the conformance kit: contacts deleted for good, and a change among them. */
export function deliveriesOf(secret: string, now: number): NonNullable<Platform['deliveries']> {
  const occurredAt = Math.floor(now / 1000) - 1_000
  const event = (eventId: number, subscriptionType: string, objectId: number) => ({
    eventId,
    subscriptionId: 12_345,
    portalId: HUB_ID,
    appId: 54_321,
    occurredAt,
    subscriptionType,
    attemptNumber: 0,
    objectId,
  })
  const bodies = [1, 2, 3].map(n =>
    Buffer.from(
      JSON.stringify([
        event(n * 10, 'contact.privacyDeletion', 9_000 + n),
        event(n * 10 + 1, 'deal.creation', 400 + n),
      ]),
    ),
  )
  return {
    bodies,
    signed(body, at) {
      const timestamp = String(Math.floor(at / 1000))
      const method = 'POST'
      return {
        method,
        url: new URL(WEBHOOK_URL).pathname,
        headers: {
          'content-type': 'application/json',
          'x-hubspot-request-timestamp': timestamp,
          'x-hubspot-signature-v3': signatureV3({ method, uri: WEBHOOK_URL, body }, secret, timestamp),
        },
        body,
      }
    },
    window: REPLAY,
  }
}
