import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { refusal } from '../../../connectors/hubspot/signature.ts'
import { LIMITS } from '../../../connectors/hubspot/simulator/gate.ts'
import { HubspotSimulator } from '../../../connectors/hubspot/simulator/index.ts'
import { plainCrm } from '../../../plugins/simulator/world/plain-crm.ts'
import { BEGINS, DAY_US, type HouseOptions, house } from './support.ts'

async function account(t: Parameters<typeof house>[0], options: HouseOptions = {}) {
  const { simulator, clock } = await house(t, { people: 40, deals: 20, day: 200, ...options })
  const ask = async (method: string, path: string, body?: unknown, token = simulator.privateToken) => {
    const answer = await fetch(simulator.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) }
  }
  const search = async (body: unknown) => (await ask('POST', '/crm/v3/objects/contacts/search', body)).body
  return { simulator, clock, ask, search }
}

t.test('a search honours its operators', async t => {
  const { search, simulator } = await account(t, { people: 0, deals: 0 })
  const { store } = simulator
  for (const [email, lifecyclestage, firstname] of [
    ['a@x.example', 'lead', 'Ann'],
    ['b@x.example', 'customer', 'Bob Lee'],
    ['c@y.example', 'lead', null],
    ['d@y.example', null, 'Ann Lee'],
  ] as const)
    store.create(
      'contacts',
      { email, lifecyclestage, firstname },
      Date.UTC(2026, 0, store.get('contacts', 10_001) ? 3 : 2),
    )
  const emails = async (...filters: object[]) =>
    (await search({ filterGroups: [{ filters }], limit: 100 })).results
      .map((r: { properties: { email: string } }) => r.properties.email[0])
      .join('')
  const f = (propertyName: string, operator: string, value?: string, more = {}) => ({
    propertyName,
    operator,
    value,
    ...more,
  })
  t.equal(await emails(f('lifecyclestage', 'EQ', 'lead')), 'ac')
  t.equal(await emails(f('lifecyclestage', 'NEQ', 'lead')), 'b')
  t.equal(await emails(f('lifecyclestage', 'IN', undefined, { values: ['lead', 'customer'] })), 'abc')
  t.equal(await emails(f('lifecyclestage', 'NOT_IN', undefined, { values: ['lead'] })), 'b')
  t.equal(await emails(f('firstname', 'HAS_PROPERTY')), 'abd')
  t.equal(await emails(f('lifecyclestage', 'NOT_HAS_PROPERTY')), 'd')
  t.equal(await emails(f('firstname', 'CONTAINS_TOKEN', 'lee')), 'bd')
  t.equal(await emails(f('firstname', 'CONTAINS_TOKEN', 'an*')), 'ad')
  t.equal(await emails(f('firstname', 'NOT_CONTAINS_TOKEN', 'lee')), 'a')
  t.equal(await emails(f('hs_object_id', 'GT', '10002')), 'cd')
  t.equal(await emails(f('hs_object_id', 'BETWEEN', '10002', { highValue: '10003' })), 'bc')
  t.equal(await emails(f('createdate', 'LT', String(Date.UTC(2026, 0, 3)))), 'a')
  t.equal(await emails(f('createdate', 'GTE', String(Date.UTC(2026, 0, 3)))), 'bcd')
  t.equal(await emails(f('lifecyclestage', 'EQ', 'lead'), f('hs_object_id', 'LTE', '10001')), 'a', 'both')
  const either = [
    { filters: [f('hs_object_id', 'LTE', '10001')] },
    { filters: [f('hs_object_id', 'GTE', '10004')] },
  ]
  const { results, total } = await search({
    filterGroups: either,
    sorts: [{ propertyName: 'email', direction: 'DESCENDING' }],
  })
  t.same([results[0].properties.email, total], ['d@y.example', 2], 'one or the other, sorted')
  t.same((await search({ query: 'bob' })).total, 1)
})

t.test('a search refuses what is over its limits', async t => {
  const { search, ask } = await account(t)
  const filter = { propertyName: 'email', operator: 'EQ', value: 'x' }
  const group = (n: number) => ({ filters: Array(n).fill(filter) })
  for (const [body, message] of [
    [{ filterGroups: Array(6).fill(group(1)) }, /more than 5 filterGroups/],
    [{ filterGroups: [group(7)] }, /more than 6 filters in a group/],
    [{ filterGroups: Array(4).fill(group(5)) }, /more than 18 filters/],
    [{ limit: 201 }, /limit/],
    [{ limit: 200, after: '9900' }, /beyond 10000/],
    [{ query: 'x'.repeat(3000) }, /longer than 3000/],
    [{ filterGroups: [{ filters: [{ ...filter, propertyName: 'emial' }] }] }, /unknown property emial/],
    [{ sorts: ['email', 'createdate'] }, /only one sort/],
  ] as const) {
    const { status, body: said } = await ask('POST', '/crm/v3/objects/contacts/search', body)
    t.equal(status, 400)
    t.match(said, { status: 'error', category: 'VALIDATION_ERROR', message })
  }
  t.equal((await search({ limit: 200, after: '9800' })).results.length, 0)
})

t.test('a write is read at once, and found after the lag of the index', async t => {
  const { search, ask, clock } = await account(t, { indexLagMs: 3000 })
  const { body } = await ask('POST', '/crm/v3/objects/contacts', { properties: { email: 'new@x.example' } })
  const found = async () =>
    (
      await search({
        filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value: 'new@x.example' }] }],
      })
    ).total
  t.equal(
    (await ask('GET', `/crm/v3/objects/contacts/${body.id}?properties=email`)).body.properties.email,
    'new@x.example',
  )
  t.equal(await found(), 0)
  clock.at += 2_999_000
  t.equal(await found(), 0)
  clock.at += 1000
  t.equal(await found(), 1)
  await ask('PATCH', `/crm/v3/objects/contacts/${body.id}`, { properties: { email: 'other@x.example' } })
  t.equal(await found(), 1, 'still as it was')
  await ask('DELETE', `/crm/v3/objects/contacts/${body.id}`)
  clock.at += 3_000_000
  t.equal(await found(), 0)
  t.equal((await ask('GET', `/crm/v3/objects/contacts/${body.id}`)).status, 404)
  t.equal((await ask('GET', `/crm/v3/objects/contacts/${body.id}?archived=true`)).body.archived, true)
})

t.test('limits are counted, told in headers, and refused in HubSpot’s words', async t => {
  const { ask } = await account(t, { limits: { ...LIMITS, calls: 4, daily: 9 } })
  const headers = async () => (await ask('GET', '/crm/v3/owners')).headers
  t.equal((await headers()).get('x-hubspot-ratelimit-remaining'), '3')
  const second = await headers()
  t.same(
    ['max', 'remaining', 'interval-milliseconds', 'daily', 'daily-remaining'].map(n =>
      second.get(`x-hubspot-ratelimit-${n}`),
    ),
    ['4', '2', '10000', '9', '7'],
  )
  await headers()
  await headers()
  const fifth = await ask('GET', '/crm/v3/owners')
  t.equal(fifth.status, 429)
  t.match(fifth.body, { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' })
  const searched = await ask('POST', '/crm/v3/objects/deals/search', {})
  t.equal(searched.status, 200, 'searches have a limit of their own')
  t.equal(searched.headers.get('x-hubspot-ratelimit-max'), null, 'and say nothing of it')
  for (let i = 0; i < 4; i++) await ask('POST', '/crm/v3/objects/deals/search', {})
  t.match((await ask('POST', '/crm/v3/objects/deals/search', {})).body, { policyName: /SECONDLY|DAILY/ })
  t.match((await ask('GET', '/crm/v3/owners')).body, { policyName: 'DAILY' })
})

t.test('a batch does what it can and says what it could not', async t => {
  const { ask, simulator } = await account(t)
  const inputs = [
    { id: '10001', properties: { lifecyclestage: 'customer' } },
    { id: '1', properties: { lifecyclestage: 'x' } },
  ]
  const { status, body } = await ask('POST', '/crm/v3/objects/contacts/batch/update', { inputs })
  t.equal(status, 207)
  t.match(body, { status: 'COMPLETE', numErrors: 1, errors: [{ category: 'OBJECT_NOT_FOUND' }] })
  t.equal(simulator.store.get('contacts', 10_001)!.properties.lifecyclestage, 'customer')
  const many = Array.from({ length: 101 }, (_, i) => ({ id: String(i) }))
  t.equal((await ask('POST', '/crm/v3/objects/contacts/batch/read', { inputs: many })).status, 400)
  const history = { inputs: many.slice(0, 51), propertiesWithHistory: ['lifecyclestage'] }
  t.equal((await ask('POST', '/crm/v3/objects/contacts/batch/read', history)).status, 400)
})

t.test('the same seed gives the same account', async t => {
  const pages = async () => {
    const { ask } = await account(t)
    return (
      await ask('GET', '/crm/v3/objects/deals?limit=50&associations=contacts&propertiesWithHistory=dealstage')
    ).body
  }
  t.same(await pages(), await pages())
})

t.test(
  'webhooks are signed, sent again until they are acknowledged, and lost after the last try',
  async t => {
    const got: { attempt: number; refused: string | null; objects: number[] }[] = []
    let answer = (_: number) => 200
    let url = ''
    const server = createServer(async (request, response) => {
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece)
      const body = Buffer.concat(pieces)
      const header = (name: string) => (request.headers[name] as string | undefined) ?? null
      const signed = {
        method: request.method!,
        uri: url,
        body,
        signature: header('x-hubspot-signature-v3'),
        timestamp: header('x-hubspot-request-timestamp'),
      }
      const events = JSON.parse(body.toString()) as { objectId: number; attemptNumber: number }[]
      got.push({
        attempt: events[0]!.attemptNumber,
        refused: refusal(signed, simulator.secret, BEGINS + 200 * DAY_US),
        objects: events.map(e => e.objectId),
      })
      response.statusCode = answer(got.length)
      response.end()
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    t.teardown(() => server.close())
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?to=%2Fcrm`
    const at = BEGINS + 200 * DAY_US
    const simulator = await HubspotSimulator.start({
      world: plainCrm({ seed: 1, begins: BEGINS, people: 3, deals: 0 }),
      now: () => at,
      limits: null,
      webhookRetryMs: [1, 1],
    })
    t.teardown(() => simulator.close())
    const { store, webhooks } = simulator
    webhooks.targetUrl = url
    webhooks.subscribe('contact.creation')
    webhooks.subscribe('contact.propertyChange', 'lifecyclestage')
    answer = call => (call === 1 ? 500 : 200)
    for (let i = 0; i < 120; i++) store.create('contacts', { email: `w${i}@x.example` }, at / 1000)
    store.update('contacts', 10_001, { lifecyclestage: 'customer', firstname: 'not subscribed' }, at / 1000)
    await webhooks.flush()
    t.same(
      got.map(g => [g.attempt, g.refused, g.objects.length]),
      [
        [0, null, 100],
        [1, null, 100],
        [0, null, 21],
      ],
    )
    answer = () => 503
    store.update('contacts', 10_002, { lifecyclestage: 'customer' }, at / 1000)
    await webhooks.flush()
    t.same(
      got.slice(3).map(g => g.attempt),
      [0, 1, 2],
    )
    t.match(webhooks.lost, [{ objectId: 10_002, propertyName: 'lifecyclestage', propertyValue: 'customer' }])
  },
)
