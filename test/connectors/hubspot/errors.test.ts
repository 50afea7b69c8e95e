import t from 'tap'
import hubspot from '../../../connectors/hubspot/index.ts'
import { memoryTokens } from '../../../engine/source/tokens.ts'
import { failure } from '../../support/failure.ts'
import { house } from './support.ts'

const ANY = /crm/
const said = (status: number, category: string, message: string, more = {}) => ({
  path: ANY,
  status,
  body: { status: 'error', message, category, correlationId: '11-22', ...more },
})

t.test('credentials, a right that lacks and an outage are told apart', async t => {
  const { simulator, context } = await house(t)
  await hubspot.check(context())
  simulator.gate.lacking.add('crm.objects.deals.read')
  t.match(await failure(hubspot.check(context())), {
    kind: 'auth',
    lack: 'permission',
    message: /a right is missing \(crm\.objects\.deals\.read\): HTTP 403/,
  })
  simulator.gate.lacking.clear()
  simulator.issuer.revokeAll()
  t.match(await failure(hubspot.check(context())), {
    kind: 'auth',
    lack: 'credentials',
    message: /invalid_grant/,
  })
  await simulator.close()
  t.match(await failure(hubspot.check(context({ tokens: memoryTokens() }))), { kind: 'retryable' })
})

t.test('a private app’s token that is refused asks to connect again', async t => {
  const { context, config } = await house(t, { kind: 'private' })
  await hubspot.check(context())
  const failed = await failure(
    hubspot.check(context({ config: { ...config, access_token: 'pat-eu1-wrong' } })),
  )
  t.match(failed, { kind: 'auth', lack: 'credentials', message: /INVALID_AUTHENTICATION, correlation/ })
  t.notMatch(failed.message, /pat-eu1-wrong/)
})

t.test('an app whose id or secret is wrong is a wrong configuration', async t => {
  const { context, config } = await house(t)
  const failed = await failure(hubspot.check(context({ config: { ...config, client_secret: 'mistyped' } })))
  t.match(failed, { kind: 'config', message: /check its id and secret/ })
})

t.test('how to connect has to be said, and once', async t => {
  const { context, config } = await house(t)
  const { client_secret: _, ...without } = config
  const cases: [Record<string, unknown>, RegExp][] = [
    [
      { base_url: config.base_url },
      /^\/access_token: is missing: give the token of a private app, or client_id/,
    ],
    [without, /^\/client_secret: is missing beside/],
    [{ ...config, access_token: 'x' }, /^\/access_token: give either it or client_id/],
  ]
  for (const [config, message] of cases)
    t.match(await failure(hubspot.check(context({ config }))), { kind: 'config', message })
})

t.test('a full window is waited out: as long as it lasts, here or by the harness', async t => {
  const { simulator, context, read } = await house(t, { kind: 'private', people: 5, deals: 0 })
  const limit = (policyName: string) =>
    said(429, 'RATE_LIMITS', 'You have reached your limit.', { errorType: 'RATE_LIMIT', policyName })
  simulator.gate.faults.push(limit('SECONDLY'))
  t.equal((await read('contacts')).records.length, 5)
  t.equal(simulator.gate.faults.length, 0)
  simulator.gate.faults.push(limit('DAILY'))
  t.match(await failure(hubspot.check(context())), {
    kind: 'retryable',
    retryAfterMs: 900_000,
    message: /DAILY/,
  })
  simulator.gate.faults.push({ ...limit('TEN_SECONDLY_ROLLING'), headers: { 'retry-after': '3600' } })
  t.match(
    await failure(hubspot.check(context())),
    { kind: 'retryable', retryAfterMs: 3_600_000 },
    'its own word counts',
  )
})

t.test('an outage of one answer is not noticed; one that lasts is told', async t => {
  const { simulator, context, read } = await house(t, { people: 5, deals: 0 })
  for (const status of [500, 502, 504]) simulator.gate.faults.push({ path: ANY, status, body: '<html>' })
  simulator.gate.faults.push(said(477, 'MIGRATION_IN_PROGRESS', 'This hub is being moved.'))
  t.equal((await read('contacts')).records.length, 5)
  for (let i = 0; i < 5; i++) simulator.gate.faults.push({ path: ANY, status: 503, body: {} })
  t.match(await failure(hubspot.check(context())), { kind: 'retryable', message: /outage: HTTP 503/ })
})

t.test('a request that is refused is said with what HubSpot says of it, and not sent again', async t => {
  const { simulator, context } = await house(t)
  simulator.gate.faults.push(said(400, 'VALIDATION_ERROR', 'limit is\nwrong'))
  const before = simulator.gate.calls
  t.match(await failure(hubspot.check(context())), {
    kind: 'fatal',
    message:
      'the platform refuses the request: HTTP 400: limit is wrong (VALIDATION_ERROR, correlation 11-22)',
  })
  t.equal(simulator.gate.calls - before, 1)
})

t.test('tokens that end in the middle of a sync are renewed, once each', async t => {
  const { simulator, clock, read } = await house(t, {
    people: 700,
    deals: 0,
    tokenLifeSeconds: 60,
    rotates: true,
  })
  const { admit } = simulator.gate
  let calls = 0
  simulator.gate.admit = (request, reply) => {
    // The platform's clock is ahead: a token ends before the connector thinks so.
    if (++calls % 3 === 0) simulator.issuer.expireAll()
    admit.call(simulator.gate, request, reply)
    clock.at += 1_000_000
  }
  const { records } = await read('contacts')
  t.equal(records.length, simulator.ledger.contacts().length)
  t.ok(simulator.issuer.refreshed >= 3, `${simulator.issuer.refreshed} times`)
})

t.test('a batch of which a part is refused: what is gone is left out, anything else is an error', async t => {
  const { simulator, clock, read, context } = await house(t, { people: 5, deals: 120, day: 200 })
  const { store, gate } = simulator
  const { state } = await read('deal_stages')
  clock.at += 86_400_000_000
  const deals = [...store.all('deals')]
  for (const { id } of deals) store.update('deals', id, { dealname: 'x' }, clock.at / 1000 - 60_000)
  const { admit } = gate
  // Gone between the search and the batch.
  gate.admit = (request, reply) => {
    admit.call(gate, request, reply)
    if (request.url.endsWith('/batch/read') && deals[3]!.archivedAt === null)
      store.archive('deals', deals[3]!.id, clock.at / 1000)
  }
  const { records } = await read('deal_stages', state)
  t.equal(new Set(records.map(r => r.deal_id)).size, 119)
  gate.admit = admit
  const part = (category: string) => ({
    path: /batch/,
    status: 207,
    body: {
      status: 'COMPLETE',
      results: [],
      numErrors: 1,
      errors: [{ status: 'error', category, message: 'no' }],
    },
  })
  const stages = () => read('deal_stages', state, context())
  gate.faults.push(part('VALIDATION_ERROR'))
  t.match(await failure(stages()), {
    kind: 'fatal',
    message: /only a part of a batch was done: VALIDATION_ERROR: no/,
  })
  gate.faults.push(part('INTERNAL_ERROR'))
  t.match(await failure(stages()), { kind: 'retryable', message: /INTERNAL_ERROR/ })
})

t.test('an account that may not be looked at leaves deals without a currency out, and says so', async t => {
  const { simulator, read, config, context } = await house(t, { people: 0, deals: 40, others: ['EUR'] })
  const refused = { path: /account-info/, status: 403, body: { category: 'MISSING_SCOPES', message: 'no' } }
  simulator.gate.faults.push(refused)
  const { records, rejected } = await read('deals')
  const own = simulator.ledger.deals().filter(d => d.currency === 'EUR' || d.amount_micros === null)
  t.equal(records.length, own.length)
  t.equal(records.length + rejected.length, simulator.ledger.deals().length)
  t.match(rejected[0]!.reason, /^deal \d+: amount has no currency, and the account's is not known$/)
  simulator.gate.faults.push(refused)
  const named = await read('deals', null, context({ config: { ...config, currency: 'USD' } }))
  t.same(named.rejected, [], 'a setting says it')
})
