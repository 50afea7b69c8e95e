import { createHmac } from 'node:crypto'
import type { Trial } from '../../../plugins/contract.ts'
import { chance } from '../../../plugins/simulator/random.ts'

const DELIVERIES = 6
const ORDERS = 3
const MAX_AGE_SECONDS = 300

/**
 * A shop that sends its orders, for the conformance kit: some at a time, signed with their time. It is only heard:
 * there is nothing to ask it.
 */
const trial: Trial = {
  async start({ seed, now = Date.UTC(2026, 5, 15, 12) * 1000 }) {
    const secret = `whsec-trial-${chance(seed, 'secret').between(1e8, 1e9)}`
    const orderOf = (delivery: number, n: number) => {
      const random = chance(seed, delivery, n)
      return {
        id: 1_000 + delivery * ORDERS + n,
        created_at: new Date(now / 1000 - random.between(1, 60_000)).toISOString(),
        total_price: `${random.between(5, 400)}.${random.between(10, 99)}`,
        currency: n === 0 ? 'EUR' : 'USD',
        email: ` Buyer${random.between(1, 99)}@Example.com `,
        customer: { id: 5_000 + random.between(1, 99) },
        landing_site: `https://shop.example/?gclid=g${random.between(1, 999)}`,
        referring_site: n === 1 ? null : 'https://www.google.com/',
        billing_address: { country_code: 'DE' },
      }
    }
    return {
      config: {
        secret,
        signature_header: 'X-Shop-Signature',
        timestamp_header: 'X-Shop-Time',
        signed: '{timestamp}.{body}',
        prefix: 'v1=',
        encoding: 'hex',
        max_age_seconds: MAX_AGE_SECONDS,
        list: '/orders',
        timezone: 'Europe/Berlin',
      },
      address: null,
      now,
      deliveries: {
        bodies: Array.from({ length: DELIVERIES }, (_, delivery) =>
          Buffer.from(
            JSON.stringify({ orders: Array.from({ length: ORDERS }, (_, n) => orderOf(delivery, n)) }),
          ),
        ),
        signed(body, at) {
          const time = String(Math.floor(at / 1e6))
          const digest = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')
          return {
            method: 'POST',
            url: '/webhooks/trial/orders',
            headers: {
              'content-type': 'application/json',
              'x-shop-time': time,
              'x-shop-signature': `v1=${digest}`,
            },
            body,
          }
        },
        window: { pastMs: MAX_AGE_SECONDS * 1000, futureMs: 60_000 },
      },
      close: async () => {},
    }
  },
}

export default trial
