import { createHash, createHmac } from 'node:crypto'
import { ageOf, type ReplayWindow, same } from '../../plugins/webhooks/index.ts'

/** A delivery as it came in. */
export interface Delivery {
  readonly method: string
  /** The whole address as it is set in the app, query included; not one rebuilt from what a proxy says. */
  readonly uri: string
  /** The bytes as they came, before anything has parsed them. */
  readonly body: Buffer | string
}

export interface SignedDelivery extends Delivery {
  /** `X-HubSpot-Signature-v3`; null: there is none. */
  readonly signature: string | null
  /** `X-HubSpot-Request-Timestamp`, epoch milliseconds; null: there is none. */
  readonly timestamp: string | null
}

export type Refusal = 'unsigned' | 'unreadable' | 'stale' | 'future' | 'forged'

/** Five minutes, as HubSpot asks for; the other way a minute, for clocks that differ. */
export const REPLAY: ReplayWindow = { pastMs: 300_000, futureMs: 60_000 }

/**
 * Whether HubSpot sent a delivery, by its signature of version 3 (platforms.md §6.4): null when it did, else what is
 * wrong. Only version 3 counts: those before it sign no time, and could be sent again for ever.
 * @param secret the app's client secret @param now UTC microseconds
 */
export function refusal(delivery: SignedDelivery, secret: string, now: number): Refusal | null {
  const { signature, timestamp } = delivery
  if (signature === null || timestamp === null) return 'unsigned'
  const age = ageOf(timestamp, now, REPLAY)
  if (age !== 'fresh') return age
  return same(signature, signatureV3(delivery, secret, timestamp)) ? null : 'forged'
}

/** Base64 of HMAC-SHA256 over method, address, body and time. */
export const signatureV3 = ({ method, uri, body }: Delivery, secret: string, timestamp: string): string =>
  createHmac('sha256', secret)
    .update(method + decoded(uri))
    .update(body)
    .update(timestamp)
    .digest('base64')

/** Hex of SHA-256 over secret, method, address and body: `X-HubSpot-Signature` of version 2. */
export const signatureV2 = ({ method, uri, body }: Delivery, secret: string): string =>
  createHash('sha256')
    .update(secret + method + uri)
    .update(body)
    .digest('hex')

/** Hex of SHA-256 over secret and body: `X-HubSpot-Signature` of version 1. */
export const signatureV1 = ({ body }: Pick<Delivery, 'body'>, secret: string): string =>
  createHash('sha256').update(secret).update(body).digest('hex')

/** : / ? @ ! $ ' ( ) * , ; — and no other character — are signed as they are where an address has them encoded. */
const decoded = (uri: string): string =>
  uri.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, code => decodeURIComponent(code))
