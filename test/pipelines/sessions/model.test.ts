import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  addEvent,
  emptySession,
  type Session,
  type SessionEvent,
  sessionChannel,
  trafficOf,
} from '../../../pipelines/sessions/model.ts'
import { event, noon } from '../facts.ts'

const fold = (events: readonly SessionEvent[]): Session => {
  const session = emptySession()
  for (const e of events) addEvent(session, e)
  return session
}

const SHOP = 'https://www.shop.example/'

t.test('a visit by hand: landing, product, purchase', async t => {
  const session = fold([
    event({ event_id: 'a', event_name: 'session_start', page_location: `${SHOP}sale?utm_source=x#top` }),
    event({ event_id: 'b', event_time: noon(1), page_location: `${SHOP}mug`, device: 'desktop' }),
    event({
      event_id: 'c',
      event_time: noon(4),
      event_name: 'purchase',
      value_micros: 14_900_000,
      currency: 'EUR',
    }),
    event({ event_id: 'd', event_time: noon(3), event_name: 'purchase' }),
    event({
      event_id: 'f',
      event_time: noon(5),
      event_name: 'purchase',
      value_micros: 100_000,
      currency: 'EUR',
    }),
    // Only what is bought is revenue.
    event({
      event_id: 'e',
      event_time: noon(2),
      event_name: 'view_item',
      value_micros: 9_000_000,
      currency: 'EUR',
    }),
  ])
  t.match(session, {
    startedAt: noon(),
    endedAt: noon(5),
    first: { value: { date: '2026-01-15', device: 'mobile', country: 'Germany', sessionNumber: 1 } },
    landing: { value: '/sale' },
    events: 6,
    pageViews: 1,
    purchases: 3,
  })
  t.strictSame(session.revenue, { EUR: 15_000_000 })
})

t.test('amounts of two currencies stay apart', async t => {
  const bought = (id: string, value_micros: number, currency: string) =>
    event({ event_id: id, event_name: 'purchase', value_micros, currency })
  t.strictSame(fold([bought('a', 5, 'EUR'), bought('b', 7, 'USD'), bought('c', 1, 'EUR')]).revenue, {
    EUR: 6,
    USD: 7,
  })
})

t.test('a query with a slash in it became the landing page of an address without a path', async t => {
  t.equal(fold([event({ page_location: 'https://shop.example?next=/account' })]).landing?.value, '/')
})

t.test('the landing page is the path of the first page, whatever its address looks like', async t => {
  const landing = (page_location: string) => fold([event({ page_location })]).landing?.value
  t.equal(landing('https://shop.example'), '/')
  t.equal(landing('https://shop.example/a/b?c=d#e'), '/a/b')
  t.equal(landing('https://shop.example/#/route'), '/')
  t.equal(landing('shop.example/a'), '/a')
})

const traffic = (...events: Partial<SessionEvent>[]) =>
  trafficOf(fold(events.map((e, i) => event({ event_id: `e${i}`, event_time: noon(i), ...e }))))
const from = (traffic_source: string, traffic_medium = 'referral') => ({ traffic_source, traffic_medium })
const DIRECT = { source: '(direct)', medium: '(none)', campaign: null }

t.test('a visit comes from the first source named in it', async t => {
  t.match(traffic({}, from('google', 'cpc'), from('bing', 'organic')), { source: 'google', medium: 'cpc' })
  t.strictSame(traffic({}, {}), DIRECT)
})

t.test('the site itself, under any of its names, is not where a visit comes from', async t => {
  const page = { page_location: `${SHOP}a` }
  t.strictSame(traffic({ ...page, ...from('shop.example') }), DIRECT)
  t.strictSame(traffic({ ...page, ...from('checkout.shop.example') }), DIRECT)
  t.match(traffic({ ...page, ...from('shop.example') }, { ...page, ...from('t.co') }), { source: 't.co' })
  t.match(traffic({ ...page, ...from('notshop.example') }), { source: 'notshop.example' })
  t.match(traffic({ ...page, ...from('shop') }), { source: 'shop' }, 'a campaign may be called as the shop')
  const uk = { page_location: 'https://www.shop.co.uk/' }
  t.match(traffic({ ...uk, ...from('other.co.uk') }), { source: 'other.co.uk' }, 'co.uk is no site')
  t.strictSame(traffic({ ...uk, ...from('pay.shop.co.uk') }), DIRECT)
})

t.test(
  'what first brought a person counts for their first visit only, and not when it is the site',
  async t => {
    const touch = { first_source: 'newsletter', first_medium: 'email', first_campaign: 'weekly' }
    t.strictSame(traffic({ ...touch, session_number: 1 }), {
      source: 'newsletter',
      medium: 'email',
      campaign: 'weekly',
    })
    t.strictSame(traffic({ ...touch, session_number: 2 }), DIRECT)
    t.strictSame(traffic({ ...touch, session_number: null }), DIRECT)
    t.match(traffic({ ...touch, session_number: 1, ...from('google', 'organic') }), { source: 'google' })
    t.strictSame(
      traffic({ first_source: 'www.shop.example', session_number: 1, page_location: `${SHOP}a` }),
      DIRECT,
    )
  },
)

t.test('a visit has the channel of its source', async t => {
  t.equal(sessionChannel(fold([event(from('facebook', 'paid_social'))])), 'Paid Social')
  t.equal(sessionChannel(fold([event()])), 'Direct')
})

const anEvent = fc
  .record({
    // Few instants, so that several fall together and the id has to decide.
    minute: fc.nat({ max: 4 }),
    event_name: fc.constantFrom('page_view', 'purchase', 'session_start', 'scroll'),
    traffic_source: fc.constantFrom(null, 'google', 'shop.example', 't.co'),
    page_location: fc.constantFrom(null, SHOP, `${SHOP}a?b=c`, 'https://pay.example/x'),
    first_source: fc.constantFrom(null, 'bing', 'shop.example'),
    session_number: fc.constantFrom(null, 1, 2),
    device: fc.constantFrom(null, 'mobile', 'desktop'),
    value_micros: fc.option(fc.integer({ min: -1000, max: 1_000_000_000 })),
    currency: fc.constantFrom(null, 'EUR', 'USD'),
  })
  .map(({ minute, ...fields }) => ({ event_time: noon(minute), ...fields }))

const events = fc
  .array(anEvent, { minLength: 1, maxLength: 12 })
  .map(list => list.map((fields, i) => event({ event_id: `e${i}`, ...fields })))

t.test('events in any order make the same visit', async () => {
  const shuffled = events.chain(list =>
    fc.shuffledSubarray(list, { minLength: list.length }).map(other => [list, other] as const),
  )
  fc.assert(
    fc.property(shuffled, ([list, other]) => {
      const [a, b] = [fold(list), fold(other)]
      assert.deepEqual(b, a)
      assert.deepEqual(trafficOf(b), trafficOf(a))
    }),
  )
})

t.test('a visit ends no earlier than it begins, and counts every event once', async () => {
  fc.assert(
    fc.property(events, list => {
      const session = fold(list)
      return (
        session.startedAt === Math.min(...list.map(e => e.event_time)) &&
        session.endedAt === Math.max(...list.map(e => e.event_time)) &&
        session.events === list.length &&
        session.pageViews + session.purchases <= session.events
      )
    }),
  )
})
