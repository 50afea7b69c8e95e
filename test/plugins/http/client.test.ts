import t from 'tap'
import { authError, fatalError } from '../../../plugins/errors.ts'
import { bearer, errors, header, http, patience, queryToken } from '../../../plugins/http/index.ts'
import { failure } from '../../support/failure.ts'
import { context, json, platform } from './platform.ts'

const quick = patience({ baseMs: 1, tries: 4 })

t.test('a query is written as platforms read it, and what is unknown is left out', async t => {
  const url = await platform(t, ({ url, headers }, response) =>
    json(response, { url, auth: headers.authorization }),
  )
  const client = http(context(), `${url}/v1`, bearer('abcd'), quick)
  const query = { ids: ['1', '2'], limit: 5, after: undefined, before: null, range: { since: '2026-01-01' } }
  const { url: asked, auth } = await client.get<{ url: string; auth: string }>('campaigns/', query)
  t.equal(decodeURIComponent(asked), '/v1/campaigns/?ids=["1","2"]&limit=5&range={"since":"2026-01-01"}')
  t.equal(auth, 'Bearer abcd')
})

t.test('an outage is waited out, and told as one when it lasts', async t => {
  let calls = 0
  const url = await platform(t, (_, response, call) => {
    calls = call
    json(response, { ok: true }, call < 4 ? 503 : 200)
  })
  t.same(await http(context(), url, quick).get('x'), { ok: true })
  t.equal(calls, 4)
  const down = await platform(t, (_, response) => json(response, { sorry: 'maintenance' }, 500))
  t.match(await failure(http(context(), down, quick).get('x')), {
    kind: 'retryable',
    message: 'the platform has an outage: HTTP 500: {"sorry":"maintenance"}',
  })
})

t.test('credentials, rights, outages and limits are told apart', async t => {
  const url = await platform(t, ({ url }, response) =>
    json(response, {}, Number(url!.slice(1)), { 'retry-after': '3600' }),
  )
  const client = http(context(), url, patience({ tries: 1 }))
  t.match(await failure(client.get('401')), { kind: 'auth', lack: 'credentials' })
  t.match(await failure(client.get('403')), { kind: 'auth', lack: 'permission' })
  t.match(await failure(client.get('429')), { kind: 'retryable', retryAfterMs: 3_600_000 })
  t.match(await failure(client.get('503')), { kind: 'retryable', message: /has an outage/ })
  t.match(await failure(client.get('404')), { kind: 'fatal', message: /refuses the request/ })
})

t.test('a longer wait than can be waited for here goes to the harness at once', async t => {
  let calls = 0
  const url = await platform(t, (_, response, call) => {
    calls = call
    json(response, {}, 429, { 'retry-after': '900' })
  })
  t.match(await failure(http(context(), url).get('x')), { kind: 'retryable', retryAfterMs: 900_000 })
  t.equal(calls, 1)
})

t.test('an answer that ends early, is dropped, stops or is no JSON is asked for again', async t => {
  for (const [name, spoil] of [
    ['dropped', (r: import('node:http').ServerResponse) => r.destroy()],
    [
      'cut',
      (r: import('node:http').ServerResponse) => {
        r.writeHead(200, { 'content-length': '50' })
        r.write('{"a":')
        setTimeout(() => r.destroy(), 5)
      },
    ],
    ['page of a proxy', (r: import('node:http').ServerResponse) => r.end('<html>')],
    ['silent', () => undefined],
  ] as const) {
    const url = await platform(t, (_, response, call) =>
      call === 1 ? spoil(response) : json(response, { call }),
    )
    const client = http(context(), url, patience({ baseMs: 1, tries: 3, silentMs: 200 }))
    if (name === 'page of a proxy') {
      t.match(await failure(client.get('x')), { kind: 'retryable', message: /is no JSON: <html>/ })
      continue
    }
    t.same(await client.get('x'), { call: 2 }, name)
  }
})

t.test('what may have been done is not done twice', async t => {
  let calls = 0
  const url = await platform(t, (_, response, call) => {
    calls = call
    response.destroy()
  })
  const client = http(context(), url, quick)
  t.match(await failure(client.post('budget', { by: 5 })), { kind: 'fatal', outcome: 'unknown' })
  t.equal(calls, 1)
  t.match(await failure(client.post('budget', { to: 5 }, { idempotent: true })), {
    kind: 'retryable',
    outcome: 'unknown',
  })
  t.equal(calls, 5)
  t.notOk('outcome' in (await failure(client.get('budget'))), 'reading changes nothing')
  for (const spoil of [
    (response: import('node:http').ServerResponse) => json(response, {}, 502),
    (response: import('node:http').ServerResponse) => response.end('<html>'),
  ]) {
    let asked = 0
    const failing = await platform(t, (_, response, call) => {
      asked = call
      spoil(response)
    })
    const failed = await failure(http(context(), failing, quick).post('budget', { by: 5 }))
    t.match(failed, { outcome: 'unknown' }, 'it may have been done behind that')
    t.equal(asked, 1)
  }
  // Done perhaps the first time, whatever is said the second.
  const torn = await platform(t, (_, response, call) => json(response, {}, call === 1 ? 500 : 400))
  const set = { method: 'PUT', path: 'budget', json: { to: 5 } } as const
  t.match(await failure(http(context(), torn, quick).ask(set)), { kind: 'fatal', outcome: 'unknown' })
  // Refused before it was done: a limit says so.
  const full = await platform(t, (_, response) => json(response, {}, 429))
  t.notOk('outcome' in (await failure(http(context(), full, quick).ask(set))))
  const limited = await platform(t, (_, response, call) => json(response, { call }, call === 1 ? 429 : 200))
  t.same(await http(context(), limited, quick).post('budget', {}), { call: 2 })
})

t.test('what a platform repeats of its credentials is not shown', async t => {
  const secrets = ['s3cret/token', 'sesame-open', 'query+token']
  const url = await platform(t, ({ url, headers }, response) => json(response, { url, all: headers }, 400))
  const parts = [bearer(secrets[0]!), header('X-Key', secrets[1]!), queryToken('access_token', secrets[2]!)]
  const failed = (await http(context(), url, ...parts)
    .get('x')
    .catch(error => error)) as Error
  for (const secret of secrets) {
    t.notOk(failed.message.includes(secret), failed.message)
    t.notOk(failed.message.includes(encodeURIComponent(secret)), failed.message)
  }
  t.match(failed.message, /\*\*\*/)
})

t.test('the first part that knows an answer decides what it means', async t => {
  const url = await platform(t, (_, response) => json(response, { code: 40105 }))
  const judge = errors(answer => {
    const { code } = answer.json<{ code: number }>()
    return code === 40105 ? authError('revoked') : undefined
  })
  await t.rejects(
    http(
      context(),
      url,
      judge,
      errors(() => fatalError('later')),
    ).get('x'),
    { message: 'revoked' },
  )
})

t.test('credentials go to no other address than the platform’s', async t => {
  const url = await platform(t, (_, response) => json(response, {}))
  const client = http(context(), url, bearer('abcd'))
  await t.rejects(client.get('http://127.0.0.1:1/x'), /is not the platform's own address/)
})

t.test('an answer that would not fit is refused, not read', async t => {
  const url = await platform(t, (_, response) => response.end('x'.repeat(100_000)))
  const client = http(context(), url, patience({ maxBytes: 10_000, tries: 1 }))
  t.match(await failure(client.get('x')), { kind: 'fatal', message: /larger than 10000 bytes/ })
})

t.test('an abort ends a request and a wait at once', async t => {
  const url = await platform(t, (_, response, call) => (call === 1 ? json(response, {}, 503) : undefined))
  const stop = new AbortController()
  const client = http(context({ signal: stop.signal }), url, patience({ baseMs: 1 }))
  setTimeout(() => stop.abort(new Error('stop')), 50)
  await t.rejects(client.get('x'), { message: 'stop' })
  const waiting = new AbortController()
  const down = await platform(t, (_, response) => {
    json(response, {}, 503)
    setTimeout(() => waiting.abort(new Error('enough')), 20)
  })
  await t.rejects(http(context({ signal: waiting.signal }), down, patience({ baseMs: 60_000 })).get('x'), {
    message: 'enough',
  })
})

t.test('each request is asked about once more when nothing is waited for any more', async t => {
  const seen: string[] = []
  let allowed = 2
  const url = await platform(t, (_, response, call) => {
    seen.push('sent')
    json(response, { call }, call < 9 ? 503 : 200)
  })
  const beforeSend = async (method: string) => {
    seen.push(`may I ${method}`)
    if (allowed-- === 0) throw new Error('not any more')
  }
  const asked = http(context({ beforeSend }), url, quick).ask({ method: 'PUT', path: 'budget', json: {} })
  t.match(await failure(asked), { message: 'not any more', outcome: 'unknown' })
  t.same(seen, ['may I PUT', 'sent', 'may I PUT', 'sent', 'may I PUT'])
})
