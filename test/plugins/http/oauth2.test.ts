import t from 'tap'
import { memoryTokens } from '../../../engine/source/tokens.ts'
import { authorise, exchange } from '../../../plugins/http/auth/grant.ts'
import { oauth2 } from '../../../plugins/http/auth/oauth2.ts'
import { http, patience } from '../../../plugins/http/index.ts'
import { TokenIssuer } from '../../../plugins/simulator/oauth.ts'
import { failure } from '../../support/failure.ts'
import { context, json, platform } from './platform.ts'

const HOUR = 3_600_000_000

interface Tap {
  teardown(work: () => unknown): void
}

/** A platform with tokens of an hour, and the clock it goes by. */
async function house(t: Tap, { rotates = false, life = 3600 } = {}) {
  const clock = { at: 1_000 * HOUR }
  const now = () => clock.at
  const issuer = new TokenIssuer('s', now, life, rotates)
  const url = await platform(t, (request, response) => {
    if (request.url === '/token') {
      const form = new URLSearchParams(request.body)
      const issued =
        form.get('grant_type') === 'refresh_token'
          ? issuer.refresh(form.get('refresh_token')!)
          : issuer.exchange(form.get('code')!, form.get('code_verifier'))
      if (!issued) return json(response, { error: 'invalid_grant' }, 400)
      return json(response, {
        access_token: issued.access,
        refresh_token: issued.refresh,
        expires_in: issued.lifeSeconds,
      })
    }
    const token = request.headers.authorization?.slice('Bearer '.length) ?? ''
    json(response, { token }, issuer.accepts(token) === 'yes' ? 200 : 401)
  })
  const grant = { tokenUrl: `${url}/token`, clientId: 'app', clientSecret: 'hush-hush' }
  const tokens = memoryTokens()
  const clientOf = (refreshToken: string) =>
    http({ ...context({ tokens }), now }, url, oauth2({ ...grant, refreshToken }), patience({ baseMs: 1 }))
  return { clock, issuer, url, grant, tokens, clientOf, context: { ...context({ tokens }), now } }
}

t.test('a token is renewed at 80 % of its life, not before', async t => {
  const { clock, issuer, clientOf } = await house(t)
  const client = clientOf(issuer.issue().refresh)
  const first = await client.get<{ token: string }>('x')
  clock.at += 0.79 * HOUR
  t.same(await client.get('x'), first)
  t.equal(issuer.refreshed, 1)
  clock.at += 0.02 * HOUR
  t.not((await client.get<{ token: string }>('x')).token, first.token)
  t.equal(issuer.refreshed, 2)
})

t.test('a refused token is renewed once, for all who wait for it', async t => {
  const { issuer, clientOf } = await house(t)
  const client = clientOf(issuer.issue().refresh)
  await client.get('x')
  issuer.expireAll()
  await Promise.all(Array.from({ length: 8 }, () => client.get('x')))
  t.equal(issuer.refreshed, 2)
})

t.test('a refresh token that rotates is followed, also by a new client', async t => {
  const { issuer, clientOf } = await house(t, { rotates: true })
  const { refresh } = issuer.issue()
  for (let i = 0; i < 3; i++) {
    await clientOf(refresh).get('x')
    issuer.expireAll()
  }
  await clientOf(refresh).get('x')
  t.pass('the first refresh token is long dead')
})

t.test('a dead refresh token asks for a new connection, once', async t => {
  const { issuer, clientOf } = await house(t)
  const client = clientOf(issuer.issue().refresh)
  await client.get('x')
  issuer.revokeAll()
  const failed = (await client.get('x').catch(error => error)) as Error & { kind: string; lack: string }
  t.match(failed, { kind: 'auth', lack: 'credentials', message: /invalid_grant/ })
  t.notMatch(failed.message, /hush-hush/)
})

t.test('a token endpoint that is away is an outage, and no reason to connect again', async t => {
  const url = await platform(t, (_, response) => json(response, {}, 503))
  const part = oauth2({ tokenUrl: `${url}/token`, clientId: 'a', refreshToken: 'r' })
  t.match(await failure(http(context(), url, part, patience({ tries: 2, baseMs: 1 })).get('x')), {
    kind: 'retryable',
  })
})

t.test('a person comes back with a code: PKCE, and only to who has asked', async t => {
  const { issuer, grant, context } = await house(t)
  const redirect = 'http://localhost/back'
  const asked = await authorise('https://platform.example/auth', 'app', redirect, ['ads.read'])
  const challenge = new URL(asked.url).searchParams.get('code_challenge')
  const back = (code: string, state = asked.state) => new URL(`${redirect}?code=${code}&state=${state}`)
  const tokens = await exchange(grant, back(issuer.code(challenge)), asked, redirect, context)
  t.equal(issuer.accepts(tokens.access), 'yes')
  t.equal(tokens.expiresAt, tokens.obtainedAt + HOUR)
  await t.rejects(exchange(grant, back(issuer.code(challenge), 'other'), asked, redirect, context))
  const stranger = { ...asked, verifier: 'x'.repeat(43) }
  t.match(await failure(exchange(grant, back(issuer.code(challenge)), stranger, redirect, context)), {
    kind: 'auth',
  })
})
