import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { eventsOf } from '../../../connectors/webhook/event.ts'
import webhook from '../../../connectors/webhook/index.ts'
import { at } from '../../../connectors/webhook/pointer.ts'
import type { Settings } from '../../../connectors/webhook/settings.ts'
import { verify } from '../../../connectors/webhook/signature.ts'
import { validate } from '../../../engine/config/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import type { Delivery } from '../../../plugins/contract.ts'
import { failure } from '../../support/failure.ts'

const settings = (more: object = {}) =>
  validate(webhook.spec, { secret: 'shhhhhhh', ...more }, 'test') as Settings
const delivery = (body: unknown, headers: Record<string, string> = {}): Delivery => ({
  method: 'POST',
  url: '/webhooks/acme/orders',
  headers,
  body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const NOW = Date.parse('2026-01-15T12:00:00Z') * 1000

/** As a shop sends one, cut to what matters here. */
const ORDER = {
  id: '820982911946154508',
  email: ' Jon@Example.com ',
  created_at: '2026-01-14T23:30:00-05:00',
  currency: 'USD',
  total_price: '403.00',
  customer: { id: '115310627314723954' },
  landing_site: 'https://shop.example/?gclid=Ab',
  billing_address: { country_code: 'US' },
}

t.test('a signature is of the body and the secret (RFC 4231, case 2)', async t => {
  const jefe: Settings = {
    ...settings(),
    secret: 'Jefe',
    encoding: 'hex',
    signature_header: 'X-Sig',
    prefix: 'sha256=',
  }
  const body = 'what do ya want for nothing?'
  const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  verify(delivery(body, { 'x-sig': `sha256=${mac}` }), jefe, NOW)
  verify(delivery(body, { 'x-sig': `sha256=${mac.toUpperCase()}`.replace('SHA', 'sha') }), jefe, NOW)
  for (const headers of [{ 'x-sig': mac }, { 'x-sig': `sha256=${mac.replace('5', '6')}` }, {}])
    t.throws(() => verify(delivery(body, headers as never), jefe, NOW), { kind: 'auth' } as never)
  t.throws(() => verify(delivery(`${body} `, { 'x-sig': `sha256=${mac}` }), jefe, NOW), {
    kind: 'auth',
  } as never)
})

t.test('what was listened to cannot be sent again later, nor its time be changed', async t => {
  const timed = settings({
    signature_header: 'x-sig',
    timestamp_header: 'x-time',
    encoding: 'hex',
    signed: 'v0:{timestamp}:{body}',
  })
  const sign = (seconds: number) => createHmac('sha256', 'shhhhhhh').update(`v0:${seconds}:{}`).digest('hex')
  const sent = NOW / 1e6
  const send =
    (time: number | string, mac = sign(Number(time))) =>
    () =>
      verify(delivery('{}', { 'x-sig': mac, 'x-time': String(time) }), timed, NOW)
  send(sent)()
  send(sent - 299)()
  for (const bad of [
    send(sent - 301),
    send(sent + 120),
    send(sent, sign(sent - 1)),
    send('soon', sign(sent)),
  ])
    t.throws(bad, { kind: 'auth' } as never)
  t.throws(send('', createHmac('sha256', 'shhhhhhh').update('v0::{}').digest('hex')), {
    kind: 'auth',
  } as never)
})

t.test('an order is a purchase, to the cent and on the day it was placed', async t => {
  const { batches } = eventsOf(delivery(ORDER), settings({ timezone: 'America/New_York' }))
  t.match(batches[0]!.records, [
    {
      event_name: 'purchase',
      event_time: Date.parse('2026-01-15T04:30:00Z') * 1000,
      event_date: '2026-01-14',
      value_micros: 403_000_000,
      currency: 'USD',
      user_id: 'jon@example.com',
      country: 'US',
      quality: [],
    },
  ])
  t.same(eventsOf(delivery(ORDER), settings()).batches[0]!.records[0]!.event_date, '2026-01-15')
})

t.test(
  'two orders whose ids a double cannot tell apart are two, and 0.1 + 0.2 is nobody’s business',
  async t => {
    const text = (id: string) =>
      `{"id":${id},"created_at":"2026-01-14T10:00:00Z","currency":"USD","total_price":0.30}`
    const [a, b] = ['820982911946154508', '820982911946154509'].map(
      id => eventsOf(delivery(text(id)), settings()).batches[0]!.records[0]!,
    )
    t.match(a, { event_key: 'purchase:820982911946154508', value_micros: 300_000 })
    t.match(b, { event_key: 'purchase:820982911946154509' })
  },
)

t.test('what is no event is told, and nothing of the person is kept with it', async t => {
  for (const [body, reason] of [
    ['{', /no JSON/],
    [{ ...ORDER, id: undefined }, /no id at \/id/],
    [{ ...ORDER, created_at: 'yesterday' }, /no time at \/created_at/],
    [{ ...ORDER, created_at: '2026-01-15T10:00:00' }, /no time/],
  ] as const) {
    const { records, rejected } = eventsOf(delivery(body), settings()).batches[0]!
    t.equal(records.length, 0)
    t.match(rejected, [{ reason, bytes: null }])
  }
  const doubtful = (more: object) =>
    eventsOf(delivery({ ...ORDER, ...more }), settings()).batches[0]!.records[0]
  t.match(doubtful({ currency: 'ABX' }), { value_micros: null, quality: ['unknown_currency'] })
  t.match(doubtful({ total_price: 'much' }), { value_micros: null, quality: ['bad_value'] })
  t.match(doubtful({ total_price: null }), { value_micros: null, quality: [] })
})

t.test('a list of anybody’s events, by pointers of one’s own', async t => {
  const own = settings({
    list: '/data/items',
    fields: { id: '/key', time: '/at', value: '/sum/amount', currency: '/sum/code' },
    event_name: 'refund',
  })
  const item = { key: 'k', at: 1768478400, sum: { amount: 12.5, code: 'EUR' } }
  const { records, rejected } = eventsOf(delivery({ data: { items: [item, 5] } }), own).batches[0]!
  t.match(records, [{ event_key: 'refund:k', event_time: 1768478400_000_000, value_micros: 12_500_000 }])
  t.match(rejected, [{ origin: 'delivery, item 2' }])
})

t.test('pointers go where JSON.parse put things, and nowhere else', async t => {
  const document = { 'a/b': 1, 'm~n': 2, '': 3, list: [10, 20] }
  t.equal(at(document, '/a~1b'), 1)
  t.equal(at(document, '/m~0n'), 2)
  t.equal(at(document, '/'), 3)
  t.equal(at(document, '/list/1'), 20)
  t.equal(at(document, '/constructor/name'), undefined)
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.string()), (value, steps) => {
      at(value, steps.map(s => `/${s}`).join(''))
    }),
  )
})

t.test('any bytes are answered, never thrown at', async t => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), text => {
      const [batch] = eventsOf(delivery(text), settings()).batches
      t.ok(batch!.records.length + batch!.rejected!.length > 0)
    }),
    { numRuns: 200 },
  )
})

t.test('settings that could never work are told with their field', async t => {
  const check = (more: object) => webhook.check(sourceContext({ config: settings(more) as never }))
  await check({})
  for (const [more, field] of [
    [{ fields: { id: '/id' } }, /\/fields\/time/],
    [{ fields: { id: 'id', time: '/t' } }, /\/fields\/id: "id" is no JSON pointer/],
    [{ signed: 'nothing' }, /\/signed/],
    [{ signed: '{timestamp}{body}' }, /\/timestamp_header/],
    [{ timestamp_header: 'x-time' }, /\/signed/],
    [{ timezone: 'Mars/Base' }, /\/timezone/],
  ] as const)
    t.match(await failure(check(more)), { kind: 'config', message: field })
})
