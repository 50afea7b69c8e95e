import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type FunnelPartial, funnelPartialKind } from '../../../pipelines/funnel/stage.ts'
import type { EventFact } from '../../../pipelines/ingest/facts.ts'
import { event, noon, told } from '../facts.ts'
import { Row } from '../row.ts'

/** The day's latest figures after these events, each a batch of its own. */
async function dayOf(events: readonly EventFact[], { forgetful = false } = {}) {
  const row = await Row.open('person', 'persons', { forgetful })
  for (const e of events) row.feed(told.event(e))
  row.feed(told.tick(noon(60)))
  return row.of<FunnelPartial>(funnelPartialKind).at(-1)
}

let n = 0
const did = (event_name: string, fields: Partial<EventFact> = {}) =>
  event({ event_id: `e${n++}`, event_name, ...fields })
const ben = { person_key: 'ben', session_key: 'ben.1' }

t.test('a day by hand', async t => {
  const day = await dayOf([
    did('first_visit'),
    did('session_start'),
    did('page_view'),
    did('page_view'),
    did('view_item'),
    // Anna again, in a second visit.
    did('session_start', { session_key: 'anna.2', session_id: '2' }),
    did('add_to_cart', { session_key: 'anna.2', session_id: '2' }),
    did('begin_checkout', { session_key: 'anna.2', session_id: '2' }),
    did('add_shipping_info', { session_key: 'anna.2', session_id: '2' }),
    did('add_payment_info', { session_key: 'anna.2', session_id: '2' }),
    did('purchase', {
      session_key: 'anna.2',
      value_micros: 20_500_000,
      currency: 'EUR',
      transaction_id: 'o1',
    }),
    // Ben has an id of a visit that Anna has too: it is another visit.
    did('page_view', ben),
    did('purchase', { ...ben, value_micros: 9_500_000, currency: 'EUR', transaction_id: null }),
    did('purchase', { ...ben, value_micros: null }),
    did('scroll', ben),
  ])
  t.match(day, {
    tenant_id: 'demo',
    source: 'ga4',
    date: '2026-01-15',
    part: 0,
    events: 15,
    users: 2,
    sessions: 3,
    new_users: 1,
    page_views: 3,
    view_item: 1,
    add_to_cart: 1,
    begin_checkout: 1,
    add_shipping_info: 1,
    add_payment_info: 1,
    purchases: 3,
    revenue_micros: 30_000_000,
    currency: 'EUR',
    revision: 15,
  })
})

t.test('an app counts its first opening and its screens', async t => {
  t.match(await dayOf([did('first_open'), did('screen_view')]), { new_users: 1, page_views: 1 })
})

t.test('who is unknown is counted as an event and as nobody', async t => {
  const nobody = { person_key: null, session_key: null, session_id: null }
  t.match(await dayOf([did('page_view', nobody), did('page_view', nobody)]), {
    events: 2,
    page_views: 2,
    users: 0,
    sessions: 0,
  })
})

t.test('an amount below zero is taken off, the amounts of other events are none', async t => {
  const money = (value_micros: number) => ({ value_micros, currency: 'EUR' })
  t.match(
    await dayOf([
      did('purchase', money(5)),
      did('purchase', money(-2)),
      did('refund', money(-9)),
      did('add_to_cart', money(7)),
    ]),
    { purchases: 2, revenue_micros: 3 },
  )
})

t.test('the day is the one the property says, not the one of the clock', async t => {
  const row = await Row.open('person', 'persons')
  row.feed(
    told.event(did('page_view', { event_date: '2026-01-14' })),
    told.event(did('page_view', { event_date: '2026-01-15' })),
    told.event(did('page_view', { event_date: '2026-01-15', source: 'shop' })),
    told.event(did('page_view', { event_date: '2026-01-15', tenant_id: 'other' })),
    told.tick(noon(1)),
  )
  t.strictSame(
    row.of<FunnelPartial>(funnelPartialKind).map(r => `${r.tenant_id} ${r.source} ${r.date} ${r.users}`),
    ['demo ga4 2026-01-14 1', 'demo ga4 2026-01-15 1', 'demo shop 2026-01-15 1'],
    'the other tenant waits for its own tick',
  )
})

t.test('a day is written when it has changed, and with a higher revision', async t => {
  const row = await Row.open('person', 'persons')
  row.feed(told.event(did('page_view')), told.tick(noon(1)), told.tick(noon(2)))
  row.feed(told.event(did('page_view')), told.tick(noon(3)))
  t.strictSame(
    row.of<FunnelPartial>(funnelPartialKind).map(r => [r.revision, r.users, r.page_views]),
    [
      [1, 1, 1],
      [2, 1, 2],
    ],
  )
})

const anEvent = fc
  .record({
    person: fc.constantFrom('anna', 'ben', 'cleo', null),
    visit: fc.constantFrom('1', '2', null),
    event_name: fc.constantFrom('first_visit', 'page_view', 'view_item', 'purchase', 'scroll'),
    value_micros: fc.option(fc.integer({ min: -1_000, max: 1_000_000_000 })),
  })
  .map(({ person, visit, ...fields }) => ({
    ...fields,
    person_key: person,
    session_id: visit,
    session_key: person !== null && visit !== null ? `${person}.${visit}` : null,
    currency: fields.value_micros === null ? null : 'EUR',
  }))
const events = fc
  .array(anEvent, { minLength: 1, maxLength: 20 })
  .map(list => list.map((fields, i) => event({ event_id: `e${i}`, ...fields })))

/** The definitions, word for word. */
const counted = (list: readonly EventFact[]) => {
  const named = (name: string) => list.filter(e => e.event_name === name)
  const distinct = (of: (e: EventFact) => string | null) =>
    new Set(list.map(of).filter(key => key !== null)).size
  return {
    events: list.length,
    users: distinct(e => e.person_key),
    sessions: distinct(e => e.session_key),
    new_users: named('first_visit').length,
    page_views: named('page_view').length,
    view_item: named('view_item').length,
    purchases: named('purchase').length,
    revenue_micros: named('purchase').reduce((sum, e) => sum + (e.value_micros ?? 0), 0),
  }
}
type Counts = ReturnType<typeof counted>

const shown = (day: FunnelPartial | undefined): Counts => {
  const { events, users, sessions, new_users, page_views, view_item, purchases, revenue_micros } = day!
  return {
    events,
    users,
    sessions,
    new_users,
    page_views,
    view_item,
    purchases,
    revenue_micros: revenue_micros!,
  }
}

t.test('in any order and over any restarts, the figures are those of the definitions', async () => {
  const shuffled = events.chain(list => fc.shuffledSubarray(list, { minLength: list.length }))
  await fc.assert(
    fc.asyncProperty(shuffled, fc.boolean(), async (list, forgetful) => {
      assert.deepEqual(shown(await dayOf(list, { forgetful })), counted(list))
    }),
    { numRuns: 60 },
  )
})

t.test('people dealt out to two partitions: the day is the sum of both', async () => {
  await fc.assert(
    fc.asyncProperty(events, async list => {
      const parts = [list.filter(e => e.person_key === 'anna'), list.filter(e => e.person_key !== 'anna')]
      const sum: Record<string, number> = {}
      for (const part of parts.filter(p => p.length > 0))
        for (const [name, value] of Object.entries(shown(await dayOf(part))))
          sum[name] = (sum[name] ?? 0) + value
      assert.deepEqual(sum, counted(list))
    }),
    { numRuns: 60 },
  )
})
