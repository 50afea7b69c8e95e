import { createHmac } from 'node:crypto'
import type { Delivery, Received } from '../../../../../engine/source/delivery.ts'
import type { Source } from '../../../../../engine/source/port.ts'
import { connector, stream } from '../../../../../plugins/contract.ts'
import { authError, PayloadError } from '../../../../../plugins/errors.ts'
import { integer, object, string } from '../../../../../plugins/schema.ts'
import { ageOf, same } from '../../../../../plugins/webhooks/index.ts'

/** What can be wrong with what receives; each breaks one thing. */
export type ReceiverDefect =
  | 'takes anything'
  | 'takes what is not signed'
  | 'compares the beginning of a signature'
  | 'signs the body without its time'
  | 'never looks at the time'
  | 'takes times to come'
  | 'names records by when they came'
  | 'crashes on half a body'
  | 'swallows half a body'
  | 'makes up an id'
  | 'gives wrong types'
  | 'says what the signature should be'
  | 'says its secret'
  | 'takes a forgery for an outage'

const WINDOW = { pastMs: 300_000, futureMs: 60_000 }
const SECRET = 'rcv-5d1f0c77'
const Settings = object({ secret: string({ title: 'Secret', secret: true }) })
const Order = object({ id: string(), cents: integer() })

const macOf = (secret: string, time: string, body: Buffer, isTimed = true) =>
  createHmac('sha256', secret)
    .update(isTimed ? `${time}.` : '')
    .update(body)
    .digest('hex')

/** What receives orders: right, or wrong in one way. */
export function receiver(defect: ReceiverDefect | null): Source {
  const has = (one: ReceiverDefect) => defect === one
  const isTimed = !has('signs the body without its time')

  function verify({ headers, body }: Delivery, secret: string, now: number): void {
    if (has('takes anything')) return
    const { 'x-sig': given, 'x-time': time = '' } = headers
    if (given === undefined) {
      if (has('takes what is not signed')) return
      throw authError('the delivery is not signed')
    }
    const wanted = macOf(secret, time, body, isTimed)
    const isRight = has('compares the beginning of a signature')
      ? wanted.startsWith(given.slice(0, 8))
      : same(given, wanted)
    if (!isRight) {
      if (has('takes a forgery for an outage')) throw new Error('it is not signed right')
      if (has('says what the signature should be')) throw authError(`the signature is not ${wanted}`)
      throw authError(has('says its secret') ? `it is not signed with ${secret}` : 'it is not signed right')
    }
    if (has('never looks at the time')) return
    const age = ageOf(time, now, has('takes times to come') ? { ...WINDOW, futureMs: 1e12 } : WINDOW)
    if (age !== 'fresh') throw authError(`the delivery is ${age}`)
  }

  function orderOf(body: Buffer, now: number): Received {
    const rejected = (reason: string): Received => ({
      batches: [{ stream: 'orders', records: [], rejected: [{ reason, origin: 'a delivery', bytes: null }] }],
    })
    let whole: unknown
    try {
      whole = JSON.parse(body.toString())
    } catch (error) {
      if (has('crashes on half a body')) throw error
      if (has('swallows half a body')) return { batches: [] }
      throw new PayloadError('it is no JSON', { origin: 'a delivery', bytes: null })
    }
    const { id, cents } = (whole ?? {}) as { id?: unknown; cents?: unknown }
    const order = has('makes up an id') ? (id ?? `made-${body.length}`) : id
    if (typeof order !== 'string' || order === '') return rejected('it has no id')
    if (!Number.isSafeInteger(cents)) return rejected('it has no amount')
    const key = has('names records by when they came') ? `${order}-${now}` : order
    const record = { id: key, cents: has('gives wrong types') ? String(cents) : cents }
    return { batches: [{ stream: 'orders', records: [record] }] }
  }

  return connector({
    id: 'receiver',
    title: 'Receiver',
    version: '1.0.0',
    config: Settings,
    async check() {},
    streams: {
      orders: stream({
        title: 'Orders',
        kind: null,
        schema: Order,
        primaryKey: ['id'],
        cursorField: null,
        async *read() {},
      }),
    },
    receive(delivery, { config, now }) {
      verify(delivery, config.secret, now())
      return orderOf(delivery.body, now())
    },
    trial: async () => ({
      default: {
        start: async () => ({
          config: { secret: SECRET },
          address: null,
          now: Date.UTC(2026, 2, 1) * 1000,
          deliveries: {
            bodies: ['a', 'b', 'c'].map((id, i) => Buffer.from(JSON.stringify({ id, cents: 100 + i }))),
            signed(body: Buffer, at: number) {
              const time = String(Math.floor(at / 1000))
              const headers = { 'x-time': time, 'x-sig': macOf(SECRET, time, body, isTimed) }
              return { method: 'POST', url: '/webhooks/acme/orders', headers, body }
            },
            window: WINDOW,
          },
          close: async () => {},
        }),
      },
    }),
  })
}
