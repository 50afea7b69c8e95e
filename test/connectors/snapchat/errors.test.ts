import t from 'tap'
import type { Ordered } from '../../../connectors/snapchat/simulator/faults.ts'
import { failure } from '../../support/failure.ts'
import { HOUR, house } from './support.ts'

const error = (code: string | null, message: string) => ({
  request_status: 'ERROR',
  request_id: 'r-1',
  debug_message: message,
  display_message: 'We are sorry',
  ...(code === null ? {} : { error_code: code }),
})

const ANSWERS: readonly { readonly name: string; readonly answer: Ordered; readonly means: object }[] = [
  {
    name: 'a request that is refused with a good status',
    answer: { status: 200, body: error('E1008', 'Start time and end time can not be equal') },
    means: {
      kind: 'fatal',
      code: 'E1008',
      message: /E1008: Start time and end time can not be equal.*\(request r-1\)/,
    },
  },
  {
    name: 'a request that is refused',
    answer: { status: 400, body: error('E1000', 'limit must be 50 to 1000') },
    means: { kind: 'fatal', message: /HTTP 400: E1000: limit/ },
  },
  {
    name: 'a thing that is not there',
    answer: { status: 404, body: error('E3003', 'Resource can not be found') },
    means: { kind: 'fatal', code: 'E3003' },
  },
  {
    name: 'a right that is missing',
    answer: { status: 403, body: error(null, 'None of the requested actions [READ_AD] can be authorized') },
    means: { kind: 'auth', lack: 'permission', message: /READ_AD/ },
  },
  {
    name: 'an answer that is wrapped in nothing',
    answer: { status: 200, body: { campaigns: [] } },
    means: { kind: 'fatal' },
  },
  {
    name: 'an answer without its list',
    answer: { status: 200, body: { request_status: 'SUCCESS' } },
    means: { kind: 'payload', origin: 'campaigns' },
  },
  {
    name: 'words without JSON behind a bad status',
    answer: { status: 400, body: '<html>Bad Request</html>' },
    means: { kind: 'fatal', message: /HTTP 400/ },
  },
]

for (const { name, answer, means } of ANSWERS)
  t.test(name, async t => {
    const { read, platform } = await house(t)
    platform.faults.order(/\/campaigns\?/, ...Array(9).fill(answer))
    t.match(await failure(read('campaigns')), means)
    t.equal(platform.requests.filter(r => r.includes('/campaigns?')).length, 1, 'and not asked again')
  })

t.test('an outage is waited for, and told as one when it does not end', async t => {
  const { read, platform } = await house(t)
  const outages: Ordered[] = [
    { status: 500, body: error(null, 'oops') },
    { status: 503, body: '<html>' },
    { status: 429, body: error(null, 'rate limit exceeded') },
    { status: 200, body: '{"request_status":"SUCC' },
  ]
  platform.faults.order(/\/campaigns\?/, ...outages)
  t.equal((await read('campaigns')).records.length, 3)
  platform.faults.order(/\/campaigns\?/, ...Array(9).fill(outages[0]))
  t.match(await failure(read('campaigns')), { kind: 'retryable', message: /outage/ })
})

t.test('an access token ends in the middle of a sync: it is renewed, once', async t => {
  const { read, platform } = await house(t, { rotates: true })
  await read('accounts')
  platform.tokens.expireAll()
  t.equal((await read('ad_reports', null, { history_days: 5 })).rejected.length, 0)
  t.equal(platform.tokens.refreshed, 2)
})

t.test(
  'a refresh token that is replaced at every use is followed; tokens live as long as is said',
  async t => {
    const { read, platform, clock, tokens } = await house(t, { rotates: true, lifeSeconds: 1800 })
    for (let i = 1; i <= 3; i++) {
      await read('accounts')
      t.equal(platform.tokens.refreshed, i)
      const kept = await tokens.load()
      t.equal(kept!.expiresAt! - kept!.obtainedAt, HOUR / 2, 'from expires_in')
      clock.at += 0.79 * (HOUR / 2)
      await read('accounts')
      t.equal(platform.tokens.refreshed, i, 'not before 80 % of its life')
      clock.at += 0.02 * (HOUR / 2)
    }
  },
)

t.test('check tells wrong credentials, a missing right, a wrong setting and an outage apart', async t => {
  const { check, platform } = await house(t)
  await check()
  t.match(await failure(check({ client_secret: 'wrong' }, { tokens: undefined })), {
    kind: 'config',
    message: /check its id and secret/,
  })
  const fresh = { tokens: undefined }
  t.match(await failure(check({ refresh_token: 'revoked-token' }, fresh)), {
    kind: 'auth',
    lack: 'credentials',
  })
  t.match(await failure(check({ ad_account_ids: ['nobody'] })), {
    kind: 'config',
    message: /^\/ad_account_ids\/0: there is no ad account nobody .*; it sees 78007/,
  })
  t.match(await failure(check({ pixel_ids: ['none'] })), { kind: 'fatal', message: /no pixel none/ })
  t.match(await failure(check({ ad_account_ids: [] })), { kind: 'config', message: /^\/ad_account_ids/ })
  t.match(await failure(check({ base_url: 'adsapi' })), {
    kind: 'config',
    message: /^\/base_url: 'adsapi' is no/,
  })
  platform.faults.forbidden = true
  t.match(await failure(check()), { kind: 'auth', lack: 'permission' })
  platform.faults.forbidden = false
  platform.faults.order(/organizations/, ...Array(9).fill({ status: 503, body: '' }))
  t.match(await failure(check()), { kind: 'retryable', message: /outage/ })
  t.match(await failure(check({ base_url: 'http://127.0.0.1:9/v1' })), {
    kind: 'retryable',
    message: /cannot be reached/,
  })
  const gone = { token_url: 'http://127.0.0.1:9/token' }
  t.match(await failure(check(gone, fresh)), { kind: 'retryable' }, 'and no reason to connect again')
})

t.test('credentials that belong to no organization lack a right', async t => {
  const { check, platform } = await house(t)
  platform.faults.order(/organizations/, {
    status: 200,
    body: { request_status: 'SUCCESS', organizations: [] },
  })
  t.match(await failure(check()), { kind: 'auth', lack: 'permission' })
})

t.test('no message holds a secret, also when the platform sends it back', async t => {
  const { read, check, platform, config, tokens } = await house(t)
  await read('accounts')
  const { access } = (await tokens.load())!
  platform.faults.order(/organizations/, {
    status: 400,
    body: error('E1000', `token ${access} of ${config.refresh_token}`),
  })
  const { message } = await failure(check())
  t.notMatch(message, access)
  t.notMatch(message, String(config.refresh_token))
  t.match(message, /token \*\*\* of \*\*\*/)
})

t.test('match quality that may not be had is told, and stops nothing', async t => {
  const { read, platform, notices } = await house(t)
  t.equal((await read('match_quality')).records.length, 3)
  platform.faults.order(/event_quality_scores/, { status: 403, body: error(null, 'not approved') })
  t.same((await read('match_quality')).records, [])
  t.match(notices, [/gives no match quality of pixel .*not approved/])
})

t.test('a link to another place is not followed with the token', async t => {
  const { read, platform } = await house(t)
  platform.faults.order(/\/campaigns\?/, {
    status: 200,
    body: { request_status: 'SUCCESS', campaigns: [], paging: { next_link: 'https://evil.example/v1/x' } },
  })
  t.match(await failure(read('campaigns')), { message: /evil.example is not the platform's own address/ })
})
