import t from 'tap'
import { ApiFailure, type Fault } from '../../../connectors/google-ads/simulator/errors.ts'
import { natureOf } from '../../../engine/source/conformance/describe.ts'
import { memoryTokens } from '../../../engine/source/tokens.ts'
import { house } from './support.ts'

const failing = (fault: Fault, status?: number) => {
  const failure = new ApiFailure(fault)
  return { status: status ?? failure.http, body: failure.body('req1') }
}
const error = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => {
      throw new Error('nothing was thrown')
    },
    (e: Error) => e,
  )

/** What §2.4 of the fact sheet says of each code. */
const CLASSES = {
  retryable: [
    'quotaError.RESOURCE_EXHAUSTED',
    'quotaError.RESOURCE_TEMPORARILY_EXHAUSTED',
    'quotaError.EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION',
    'quotaError.EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION',
    'internalError.TRANSIENT_ERROR',
    'internalError.INTERNAL_ERROR',
    'internalError.DEADLINE_EXCEEDED',
    'databaseError.CONCURRENT_MODIFICATION',
  ],
  credentials: [
    'authenticationError.OAUTH_TOKEN_EXPIRED',
    'authenticationError.OAUTH_TOKEN_REVOKED',
    'authenticationError.OAUTH_TOKEN_INVALID',
    'authenticationError.DEVELOPER_TOKEN_INVALID',
    'authenticationError.NOT_ADS_USER',
  ],
  permission: [
    'authorizationError.USER_PERMISSION_DENIED',
    'authorizationError.CUSTOMER_NOT_ENABLED',
    'authorizationError.DEVELOPER_TOKEN_NOT_APPROVED',
    'quotaError.ACCESS_PROHIBITED',
  ],
  config: [
    'authenticationError.CUSTOMER_NOT_FOUND',
    'requestError.INVALID_CUSTOMER_ID',
    'requestError.UNSUPPORTED_VERSION',
    'headerError.INVALID_LOGIN_CUSTOMER_ID',
    'queryError.REQUESTED_METRICS_FOR_MANAGER',
  ],
  fatal: ['queryError.UNRECOGNIZED_FIELD', 'requestError.RESOURCE_NOT_FOUND'],
} as const

t.test('each code is of its class, in a list and in a stream', async t => {
  const { read, platform } = await house(t)
  for (const [nature, codes] of Object.entries(CLASSES))
    for (const name of codes) {
      const [category, code] = name.split('.') as [string, string]
      const answer = failing({ category, code, message: 'As they say.' })
      platform.faults.order(/:search$/, ...Array.from({ length: 10 }, () => answer))
      const found = await error(read('campaigns'))
      t.equal(natureOf(found), nature, `${name}: ${found.message}`)
      t.match(found.message, `${name}: As they say. (request req1)`)
      platform.faults.clear()
    }
  platform.faults.order(/:searchStream$/, {
    status: 400,
    body: [new ApiFailure({ category: 'queryError', code: 'BAD_VALUE', message: 'No.' }).body('r')],
  })
  t.match((await error(read('changes'))).message, /queryError\.BAD_VALUE: No\./)
})

t.test('without details the status says it', async t => {
  const { read, platform } = await house(t)
  const status = (code: number, word: string) => ({
    status: code,
    body: { error: { code, message: 'm', status: word } },
  })
  const cases = [
    [status(401, 'UNAUTHENTICATED'), 'credentials'],
    [status(403, 'PERMISSION_DENIED'), 'permission'],
    [status(503, 'UNAVAILABLE'), 'retryable'],
    [status(429, 'RESOURCE_EXHAUSTED'), 'retryable'],
    [{ status: 502, body: '<html>Bad gateway</html>' }, 'retryable'],
    [{ status: 404, body: '<html>Not found</html>' }, 'fatal'],
    [{ status: 200, body: '{"results": [{"cust' }, 'retryable'],
  ] as const
  for (const [answer, nature] of cases) {
    platform.faults.order(/:search$/, ...Array.from({ length: 10 }, () => answer))
    const found = await error(read('campaigns'))
    t.equal(natureOf(found), nature, `${JSON.stringify(answer)}: ${found.message}`)
    platform.faults.clear()
  }
})

t.test('a quota asks to wait as long as it says, and is waited for', async t => {
  const { read, platform } = await house(t)
  platform.faults.order(
    /:search$/,
    failing({
      category: 'quotaError',
      code: 'RESOURCE_TEMPORARILY_EXHAUSTED',
      message: 'm',
      retrySeconds: 1,
    }),
  )
  t.ok((await read('campaigns')).records.length > 0)
  platform.faults.order(
    /:search$/,
    failing({ category: 'quotaError', code: 'RESOURCE_EXHAUSTED', message: 'm', retrySeconds: 3600 }),
  )
  const long = await error(read('campaigns'))
  t.equal((long as Error & { retryAfterMs: number }).retryAfterMs, 3_600_000)
})

t.test('check says which account, and what to do', async t => {
  const { check, config } = await house(t)
  await check()
  const id = (config.customer_ids as string[])[0]!
  const cases = [
    [{ login_customer_id: undefined }, 'permission', /set login_customer_id to the manager’s id/],
    [
      { login_customer_id: '999-999-9999' },
      'permission',
      /login_customer_id is 9999999999: it must be a manager/,
    ],
    [{ customer_ids: ['123-456-7890'] }, 'config', /\/customer_ids\/0: there is no account 1234567890/],
    [
      { customer_ids: [id, '111-222-3333'] },
      'config',
      new RegExp(`/customer_ids/1: .*manager account.*clients: ${id}`),
    ],
    [{ customer_ids: [] }, 'config', /names no account/],
    [{ customer_ids: ['1-2', '12'] }, 'config', /names 12 twice/],
    [{ developer_token: 'another' }, 'credentials', /refuses the developer token/],
    [{ base_url: 'ftp://x' }, 'config', /no http\(s\) address/],
  ] as const
  for (const [over, nature, words] of cases) {
    const found = await error(check(over))
    t.equal(natureOf(found), nature, JSON.stringify(over))
    t.match(found.message, words)
  }
  await t.resolves(check({ customer_ids: [`${id.slice(0, 3)}-${id.slice(3)}`] }), 'dashes are taken off')
})

t.test('a refresh token that is dead asks to connect again; a wrong app is a setting', async t => {
  const { check, platform } = await house(t)
  const fresh = () => ({ tokens: memoryTokens() })
  t.equal(natureOf(await error(check({ client_secret: 'wrong' }, fresh()))), 'config')
  t.equal(natureOf(await error(check({ refresh_token: 'wrong' }, fresh()))), 'credentials')
  platform.tokens.revokeAll()
  t.equal(natureOf(await error(check({}, fresh()))), 'credentials')
})

t.test('a token is renewed at 80 % of its life, and at once where it is refused', async t => {
  const { check, platform, clock } = await house(t)
  await check()
  t.equal(platform.tokens.refreshed, 1)
  clock.at += 2879 * 1_000_000
  await check()
  t.equal(platform.tokens.refreshed, 1, 'at 79.9 %')
  clock.at += 1_000_000
  await check()
  t.equal(platform.tokens.refreshed, 2, 'at 80 %')
  platform.tokens.expireAll()
  await check()
  t.equal(platform.tokens.refreshed, 3, 'refused')
})
