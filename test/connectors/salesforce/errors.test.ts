import t from 'tap'
import salesforce from '../../../connectors/salesforce/index.ts'
import { Refused } from '../../../connectors/salesforce/simulator/answers.ts'
import { memoryTokens } from '../../../engine/source/tokens.ts'
import { failure } from '../../support/failure.ts'
import { house, latest, QUIET, truth } from './support.ts'

const order = (status: number, code: string, path = /services/) => ({
  path,
  error: new Refused(status, code, 'as ordered'),
})

t.test('credentials, a right that lacks and an outage are told apart', async t => {
  const { simulator, context } = await house(t)
  const check = () => failure(salesforce.check(context()))
  await salesforce.check(context())
  simulator.whims.hidden.add('Lead')
  t.match(await check(), { kind: 'auth', lack: 'permission', message: /insufficient access rights on Lead/ })
  simulator.whims.hidden.clear()
  for (let i = 0; i < 5; i++) simulator.whims.faults.push(order(503, 'SERVER_UNAVAILABLE'))
  t.match(await check(), { kind: 'retryable', message: /outage: HTTP 503.*SERVER_UNAVAILABLE/ })
  simulator.whims.faults.push(order(403, 'REQUEST_LIMIT_EXCEEDED'))
  t.match(await check(), { kind: 'retryable', retryAfterMs: 900_000 })
  simulator.whims.faults.push(order(400, 'MALFORMED_QUERY'))
  t.match(await check(), { kind: 'fatal', message: /as ordered \(MALFORMED_QUERY\)/ })
  simulator.whims.faults.push(order(401, 'INVALID_SESSION_ID'), order(401, 'INVALID_SESSION_ID'))
  t.match(await check(), { kind: 'auth', lack: 'credentials' }, 'renewed once, not for ever')
  simulator.issuer.revokeAll()
  t.match(await check(), { kind: 'auth', lack: 'credentials', message: /invalid_grant/ })
  await simulator.close()
  t.match(await failure(salesforce.check(context({ tokens: memoryTokens() }))), { kind: 'retryable' })
})

t.test('the day’s requests are used up: the harness waits, and nothing is lost', async t => {
  const { simulator, read } = await house(t, { dailyRequests: 7, people: 60, deals: 0 })
  t.match(await failure(read('leads')), { kind: 'retryable', message: /limit of 24 hours/ })
  simulator.whims.requests = -1000
  t.same(latest((await read('leads')).records, 'leads'), latest(truth(simulator, 'leads'), 'leads'))
})

t.test(
  'a session that ends in the middle of a sync is renewed; the address to speak to comes with the token',
  async t => {
    const { simulator, read, context, config } = await house(t, { people: 200, deals: 0 })
    const tokens = memoryTokens()
    const { poll } = simulator.jobs
    let polls = 0
    simulator.jobs.poll = id => {
      if (++polls % 2 === 0) simulator.issuer.expireAll()
      return poll.call(simulator.jobs, id)
    }
    t.equal((await read('leads', null, context({ tokens }))).records.length, truth(simulator, 'leads').length)
    t.equal(simulator.issuer.refreshed, 2)
    t.equal((await tokens.load())?.more?.instance_url, simulator.url)
    t.equal((await tokens.load())?.expiresAt, null, 'nobody says when it ends')
    const elsewhere = await failure(
      salesforce.check(context({ config: { ...config, instance_url: 'http://127.0.0.1:1' } })),
    )
    t.match(elsewhere, { kind: 'retryable', message: /127\.0\.0\.1:1/ }, 'a setting goes before it')
  },
)

t.test('a job that fails is made anew by the run after, not asked for for ever', async t => {
  const { simulator, read, context } = await house(t, { people: 40, deals: 0, day: QUIET })
  simulator.jobs.failing = 1
  let state: unknown = null
  const failed = await failure(
    (async () => {
      for await (const batch of salesforce.read('leads', { ...context(), state: null })) state = batch.state
    })(),
  )
  t.match(failed, { kind: 'retryable', message: /query job is Failed/ })
  t.match(state, { run: { next: { job: /^750/, locator: '' } } })
  const { records } = await read('leads', state)
  t.same(latest(records, 'leads'), latest(truth(simulator, 'leads'), 'leads'))
  t.equal(simulator.jobs.made, 2)
})

t.test('a run cut off while Salesforce works asks for the same job again', async t => {
  const { simulator, read, context } = await house(t, { people: 40, deals: 0, day: QUIET, polls: 1000 })
  const stop = new AbortController()
  let state: unknown = null
  await t.rejects(async () => {
    for await (const batch of salesforce.read('leads', {
      ...context({ signal: stop.signal }),
      state: null,
    })) {
      state = batch.state
      setTimeout(() => stop.abort(new Error('enough')), 30)
    }
  })
  t.ok(stop.signal.aborted)
  t.equal(simulator.jobs.count('InProgress') + simulator.jobs.count('UploadComplete'), 1)
  t.equal((await read('leads', state)).records.length, truth(simulator, 'leads').length)
  t.equal(simulator.jobs.made, 1)
})

t.test('a page that is cut short is asked for again by the run after', async t => {
  const { simulator, read, context } = await house(t, { people: 40, deals: 0, day: QUIET, pageRows: 10 })
  const { page } = simulator.jobs
  let calls = 0
  simulator.jobs.page = (...asked) => {
    const whole = page.apply(simulator.jobs, asked)
    // Rows less than the header says.
    return ++calls === 2 ? { ...whole, rows: whole.rows.slice(0, 4) } : whole
  }
  let state: unknown = null
  const failed = await failure(
    (async () => {
      for await (const batch of salesforce.read('leads', { ...context(), state: null })) state = batch.state
    })(),
  )
  t.match(failed, { kind: 'retryable', message: /has 4 rows, and should have 10/ })
  const rest = await read('leads', state)
  t.equal(rest.records.length, truth(simulator, 'leads').length - 10)
})

t.test('fields: hidden ones are unknown and said so, wrong ones are a wrong setting', async t => {
  const { read, context, config, notices, simulator } = await house(t, { people: 30, deals: 0 })
  const bad = (click_ids: unknown) =>
    failure(read('leads', null, context({ config: { ...config, click_ids } })))
  t.match(await bad({ gclid: 'Nope__c' }), {
    kind: 'config',
    message: /^\/click_ids\/gclid: Lead has no field Nope__c/,
  })
  t.match(await bad({ gclid: "x FROM User WHERE Id != ''" }), {
    kind: 'config',
    message: /is no API name of a field/,
  })
  for (const field of ['Phone', 'OwnerId']) simulator.whims.hiddenFields.add(field)
  const { records } = await read('leads')
  t.equal(records.length, truth(simulator, 'leads').length)
  t.ok(records.every(r => r.owner_id === null && r.phone === null))
  t.same(notices, ['Lead: the user may not see Phone, OwnerId: their values are left unknown'])
})
