import t from 'tap'
import { toEvent } from '../../../connectors/ga4/event.ts'
import { rowFromJson } from '../../../connectors/ga4/from-json.ts'
import { exportRow, type Params } from './support.ts'

const eventOf = (over: Readonly<Record<string, unknown>> = {}, params: Params = {}) =>
  toEvent(rowFromJson(exportRow(over, params)))

t.test('a row becomes an event', async t => {
  const event = eventOf(
    { ecommerce: { transaction_id: '(not set)' }, user_id: 'u-1' },
    {
      page_location: 'https://shop.example/?email=jane%40example.com',
      page_title: 'Home',
      source: 'news',
      session_engaged: '1',
      engagement_time_msec: 6,
      value: 19.99,
      currency: 'eur',
      phone: '+49 170 1234567',
    },
  )
  t.match(event.event_key, /^[\da-f]{32}$/)
  t.same(event, {
    event_key: event.event_key,
    event_time: 1767606000000000,
    event_date: '2026-01-05',
    event_name: 'page_view',
    person_id: '111.222',
    user_id: 'u-1',
    session_id: '42',
    session_number: 2,
    source: 'news',
    medium: null,
    campaign: null,
    first_source: 'google',
    first_medium: 'organic',
    first_campaign: '(organic)',
    page_location: 'https://shop.example/?email=(redacted)',
    page_referrer: null,
    page_title: 'Home',
    device: 'mobile',
    country: 'Germany',
    transaction_id: null,
    value_micros: 19_990_000,
    currency: 'EUR',
    consent_analytics: 'granted',
    consent_ads: 'denied',
    params: { session_engaged: '1', engagement_time_msec: '6', phone: '(redacted)' },
    quality: [],
  })
})

t.test('traffic source: parameters first, then what the event collected', async t => {
  const collected_traffic_source = {
    manual_source: 's',
    manual_medium: 'm',
    manual_campaign_name: 'c',
    gclid: 'click',
    srsltid: null,
  }
  t.match(eventOf({ collected_traffic_source }, { medium: 'cpc' }), {
    source: 's',
    medium: 'cpc',
    campaign: 'c',
    params: { gclid: 'click' },
  })
})

t.test('consent in every spelling', async t => {
  const cases: [unknown, string | null][] = [
    ['Yes', 'granted'],
    ['No', 'denied'],
    [true, 'granted'],
    [false, 'denied'],
    [1, 'granted'],
    ['0', 'denied'],
    [null, null],
    ['Unset', null],
  ]
  for (const [analytics_storage, wanted] of cases)
    t.equal(eventOf({ privacy_info: { analytics_storage } }).consent_analytics, wanted)
  t.equal(eventOf({ privacy_info: null, user_pseudo_id: null }).person_id, null)
})

t.test('money: the purchase in USD, else value and currency, else a doubt', async t => {
  const usd = eventOf(
    { ecommerce: { purchase_revenue_in_usd: '74.5', transaction_id: 'T1' } },
    { value: 70, currency: 'EUR' },
  )
  t.match(usd, { value_micros: 74_500_000, currency: 'USD', transaction_id: 'T1', quality: [] })
  t.match(usd.params, { value: '70', currency: 'EUR' }, 'what was not lifted stays')
  t.match(eventOf({}, { value: 0, currency: 'JPY', transaction_id: 'T2' }), {
    value_micros: 0,
    currency: 'JPY',
    transaction_id: 'T2',
    params: {},
  })
  for (const currency of ['€', 'XXX', 'dollars', null])
    t.match(eventOf({}, { value: 5, currency }), {
      value_micros: null,
      currency: null,
      quality: ['unknown_currency'],
      params: { value: '5' },
    })
  for (const value of ['NaN', 'Infinity', '-Infinity', -3, 1e300, 'free'])
    t.match(eventOf({}, { value, currency: 'EUR' }), {
      value_micros: null,
      currency: null,
      quality: ['bad_value'],
      params: { currency: 'EUR' },
    })
  t.match(eventOf({}, { currency: 'EUR' }), {
    value_micros: null,
    currency: null,
    params: { currency: 'EUR' },
  })
})

t.test('two transaction ids: the column wins, the other one stays', async t => {
  const event = eventOf({ ecommerce: { transaction_id: 'A' } }, { transaction_id: 'B' })
  t.equal(event.transaction_id, 'A')
  t.equal(event.params.transaction_id, 'B')
})

t.test('the key is the same for every way to write the same event', async t => {
  const base = exportRow({}, { session_engaged: '1', value: 58, note: 'ä' })
  const key = toEvent(rowFromJson(base)).event_key
  const rewritten = {
    ...base,
    event_timestamp: 1767606000000000,
    stream_id: 2100450278,
    event_params: [...base.event_params].reverse().map(({ key, value }) => {
      const text = value.string_value ?? value.int_value
      if (key === 'session_engaged') return { key, value: { int_value: 1 } }
      if (key === 'value') return { key, value: { float_value: null, double_value: '58.0' } }
      return { key, value: { string_value: text } }
    }),
  }
  t.equal(toEvent(rowFromJson(rewritten)).event_key, key)
  const others: Readonly<Record<string, unknown>>[] = [
    { event_timestamp: '1767606000000001' },
    { event_name: 'scroll' },
    { user_pseudo_id: null },
    { stream_id: '1' },
    { event_params: base.event_params.slice(1) },
    { batch_event_index: 1 },
    { batch_page_id: 1 },
    { batch_ordering_id: 1 },
  ]
  const keys = others.map(over => toEvent(rowFromJson({ ...base, ...over })).event_key)
  t.equal(new Set([key, ...keys]).size, others.length + 1)
})

t.test('types that drift are read; nulls, names of any kind and odd slots too', async t => {
  const event_params = [
    { key: 'ga_session_id', value: { string_value: '7' } },
    { key: 'ga_session_number', value: { double_value: 3 } },
    { key: 'all_data', value: { string_value: null, int_value: null } },
    { key: 'term', value: { string_value: 15 } },
    { key: 'percent', value: { int_value: 12.5 } },
    { key: 'plain', value: 'x' },
    { key: 'none', value: null },
    { key: '__proto__', value: { string_value: 'p' } },
  ]
  const event = eventOf({ event_params, event_date: 20260105 })
  t.match(event, { session_id: '7', session_number: 3, event_date: '2026-01-05' })
  t.same(Object.entries(event.params), [
    ['term', '15'],
    ['percent', '12.5'],
    ['plain', 'x'],
    ['__proto__', 'p'],
  ])
  t.same(eventOf({ event_params: event_params[5] }).params, { plain: 'x' }, 'one alone instead of a list')
  t.same(eventOf({ event_params: null }).params, {})
  t.match(eventOf({ event_params: [{ key: 'ga_session_number', value: { string_value: 'x' } }] }), {
    session_number: null,
    params: { ga_session_number: 'x' },
  })
})

t.test('a wrong type is named with its value, redacted and cut', async t => {
  const cases: [Readonly<Record<string, unknown>>, RegExp][] = [
    [{ event_timestamp: 'soon' }, /^event_timestamp is "soon", not a number$/],
    [{ event_timestamp: null }, /^event_timestamp is null/],
    [{ event_timestamp: 1767606000 }, /^event_timestamp is 1767606000, not UTC microseconds/],
    [{ event_timestamp: 1.5 }, /^event_timestamp is 1.5, not a number/],
    [{ event_name: '' }, /^event_name is "", not a name/],
    [{ event_name: undefined }, /^event_name is null, not a name/],
    [{ event_date: '20260230' }, /^event_date is "20260230", not a day/],
    [{ event_date: 'a@b.de' }, /^event_date is "\(redacted\)", not a day/],
    [{ event_date: 'x'.repeat(500) }, /^event_date is "x{99}…, not a day/],
    [{ event_params: 'oops' }, /^event_params is "oops", not an array/],
    [{ event_params: [3] }, /^event_params\[0\] is 3, not a record/],
    [{ event_params: [{ value: {} }] }, /^event_params\[0\].key is missing, not a name/],
    [{ device: 5 }, /^device is 5, not a record/],
    [{ geo: { country: ['x'] } }, /^geo.country is \["x"\], not a single value/],
  ]
  for (const [over, reason] of cases) t.throws(() => eventOf(over), { message: reason })
  for (const row of [null, 1, 'x', []])
    t.throws(() => rowFromJson(row), { message: /the row is .*, not a JSON object/ })
})

t.test('what was bought is kept as JSON, without what is not set', t => {
  const items = [
    {
      item_id: 'SKU 1',
      item_name: 'jane@example.com mug',
      item_category: '(not set)',
      price: 12.5,
      quantity: '2',
      coupon: 'C',
    },
    { item_id: '(not set)', price: null, quantity: 'some' },
  ]
  const kept = '[{"item_id":"SKU 1","item_name":"(redacted) mug","price":12.5,"quantity":2},{}]'
  for (const event_name of ['purchase', 'refund']) t.equal(eventOf({ event_name, items }).params.items, kept)
  t.equal(eventOf({ event_name: 'purchase', items: items[0] }).params.items, `${kept.slice(0, -4)}]`)
  t.equal(eventOf({ event_name: 'view_item', items }).params.items, undefined, 'nobody bought these')
  t.equal(eventOf({ event_name: 'purchase', items: [{}, {}] }).params.items, undefined)
  t.equal(
    eventOf({ event_name: 'purchase', items }, { items: 'own' }).params.items,
    'own',
    'a parameter is heard first',
  )
  t.equal(
    eventOf({ event_name: 'purchase', items }).event_key,
    eventOf({ event_name: 'purchase' }).event_key,
    'whoever has read the event before items were kept knows it again',
  )
  const refused = (items: unknown) => () => eventOf({ event_name: 'purchase', items })
  t.throws(refused('x'), { message: 'items is "x", not an array' })
  t.throws(refused([7]), { message: /items\[0\] is 7, not a record/ })
  t.throws(refused([{ price: [] }]), { message: /items\[0\]\.price is \[\], not a single value/ })
  t.end()
})
