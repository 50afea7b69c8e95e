import t from 'tap'
import { json, platform as server } from '../../plugins/http/platform.ts'
import { failure } from '../../support/failure.ts'
import { connected, recordsOf } from './support.ts'

const CLASSES: readonly [string, readonly number[], Readonly<Record<string, unknown>>][] = [
  [
    'credentials',
    [40102, 40104, 40105, 40106, 40110, 40113, 40115],
    { kind: 'auth', lack: 'credentials', message: /refuses the access token/ },
  ],
  [
    'a missing right',
    [40001, 40118, 40119, 40125],
    { kind: 'auth', lack: 'permission', message: /right is missing/ },
  ],
  [
    'a bad request',
    [40000, 40002, 40006, 40007, 40011, 40051],
    { kind: 'fatal', message: /refuses the request/ },
  ],
  ['trouble that passes', [40201, 40202, 40700, 50000, 50002, 51305, 60001], { kind: 'retryable' }],
  ['a limit', [40016, 40100, 40132, 40133], { kind: 'retryable', message: /rate limit is reached/ }],
  ['a code that is not listed', [40999], { kind: 'fatal' }],
  ['trouble of the platform that is not listed', [50999], { kind: 'retryable' }],
]

t.test('each code is of its class, and says what the platform said', async t => {
  const { check, platform } = await connected(t)
  for (const [name, codes, wanted] of CLASSES)
    for (const code of codes) {
      // Longer than is waited for here, so that the first refusal is the answer.
      platform.faults.refuseNext(code, 'words of the platform, QPM', 5)
      const error = await failure(check())
      t.match(error, { ...wanted, code }, `${name}: ${code}`)
      t.match(error.message, new RegExp(`${code} words of the platform, QPM \\(request \\d+\\)`))
      for (let i = 0; i < 5; i++) platform.faults.refusal()
    }
})

t.test('how long a limit is waited for follows from which it was', async t => {
  const { check, platform, clock } = await connected(t)
  const waitOf = async (message: string, times = 1) => {
    platform.faults.refuseNext(40100, message, times)
    const { retryAfterMs } = await failure(check())
    for (let i = 0; i < times; i++) platform.faults.refusal()
    return retryAfterMs
  }
  t.equal(await waitOf('App reaches the QPM limit.'), 300_000)
  clock.now = Date.parse('2026-03-20T22:00:00Z') * 1000
  t.equal(await waitOf('App reaches the QPD limit.'), 2 * 3_600_000, 'until 00:00 UTC')
  t.equal(await waitOf('Too many requests', 2), 300_000, 'it does not say which, and a second did not help')
})

t.test('a limit by the second is waited out on the way', async t => {
  const { batches, platform } = await connected(t)
  platform.faults.refuseNext(40100, 'App reaches the QPS limit.')
  t.equal(recordsOf(await batches('ads')).length, 16)
})

t.test('what passes is asked for again, and costs nothing', async t => {
  const { batches, platform } = await connected(t)
  for (const code of [50000, 40202, 51305]) platform.faults.refuseNext(code)
  t.equal(recordsOf(await batches('ads')).length, 16)
})

t.test('an outage that lasts is left for five minutes', async t => {
  let calls = 0
  const url = await server(t, (_, response) => {
    calls++
    json(response, { message: 'maintenance' }, 502)
  })
  const { check } = await connected(t)
  t.match(await failure(check({ base_url: `${url}/open_api/v1.3` })), {
    kind: 'retryable',
    retryAfterMs: 300_000,
  })
  t.equal(calls, 4)
})

t.test('an answer of something else on the way is not taken for one of TikTok’s', async t => {
  const url = await server(t, (_, response) => json(response, { hello: 'I am a proxy' }))
  const { check } = await connected(t)
  t.match(await failure(check({ base_url: url })), { kind: 'retryable', message: /is not one of TikTok’s/ })
})

t.test('a list that does not say how long it is ends nothing', async t => {
  const account = { advertiser_id: '56007', currency: 'USD', timezone: 'UTC' }
  const url = await server(t, ({ url }, response) =>
    json(response, { code: 0, data: { list: url!.includes('info') ? [account] : [] } }),
  )
  const { batches } = await connected(t, { config: { base_url: url } })
  t.match(await failure(batches('ads')), { kind: 'payload', message: /does not say how many pages/ })
})

t.test('wrong settings are named', async t => {
  const { check, config } = await connected(t)
  t.match(await failure(check({ advertiser_ids: [] })), {
    kind: 'config',
    message: /^\/advertiser_ids: names no/,
  })
  const [id] = config.advertiser_ids
  t.match(await failure(check({ advertiser_ids: [id, id] })), {
    message: '/advertiser_ids: names 56007 twice',
  })
  t.match(await failure(check({ base_url: 'tiktok' })), {
    message: "/base_url: 'tiktok' is no http(s) address",
  })
  const wrong = await failure(check({ access_token: 'another-token' }))
  t.match(wrong, { lack: 'credentials', message: /40105 Access token is incorrect/ })
  t.notMatch(wrong.message, /another-token/)
  t.match(await failure(check({ advertiser_ids: [id, '123'] })), {
    lack: 'permission',
    message: /advertiser 123/,
  })
})

t.test('check passes where all is well, and an app without a scope fails it', async t => {
  const { check, platform } = await connected(t)
  await check()
  platform.faults.isForbidden = true
  t.match(await failure(check()), { lack: 'permission' })
})
