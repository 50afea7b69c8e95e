import * as oauth from 'oauth4webapi'
import type { Tokens } from '../../../engine/source/tokens.ts'
import { authError, type ConnectorError, configError, messageOf, RetryableError } from '../../errors.ts'
import type { HttpContext } from '../part.ts'
import { retryAfterMs } from '../retry-after.ts'

/** How a platform's token endpoint is spoken to. */
export interface Grant {
  readonly tokenUrl: string
  readonly clientId: string
  /** Left out for a public client, which PKCE stands for. */
  readonly clientSecret?: string
  /** Where id and secret go: in the form (most platforms), or as HTTP Basic. */
  readonly clientAuth?: 'form' | 'basic'
  /** Further fields of the answer that are kept with the tokens (`more`): Salesforce's `instance_url`. */
  readonly keep?: readonly string[]
}

const SILENT_MS = 30_000

/**
 * New tokens for a refresh token.
 * @param lifeSeconds where the answer has no `expires_in`
 * @throws auth: the refresh token is dead; config: the client is refused; retryable: no usable answer
 */
export async function refresh(
  grant: Grant,
  refreshToken: string,
  lifeSeconds: number | null,
  context: HttpContext,
): Promise<Tokens> {
  const { server, client, secret } = parties(grant)
  return granted(grant, refreshToken, lifeSeconds, context, async options => {
    const response = await oauth.refreshTokenGrantRequest(server, client, secret, refreshToken, options)
    return oauth.processRefreshTokenResponse(server, client, await tolerant(response))
  })
}

/** An authorisation that a person is asked for in a browser (RFC 6749 §4.1 with PKCE, RFC 7636). */
export interface Authorisation {
  /** Where the person is sent. */
  readonly url: string
  /** Both have to be kept until the answer comes. */
  readonly state: string
  readonly verifier: string
}

export async function authorise(
  authoriseUrl: string,
  clientId: string,
  redirectUri: string,
  scopes: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Authorisation> {
  const state = oauth.generateRandomState()
  const verifier = oauth.generateRandomCodeVerifier()
  const url = new URL(authoriseUrl)
  const asked = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return { url: url.href, state, verifier }
}

/**
 * Tokens for the address that the person came back to.
 * @throws auth: refused, or another authorisation's answer
 */
export async function exchange(
  grant: Grant,
  answered: URL,
  { state, verifier }: Pick<Authorisation, 'state' | 'verifier'>,
  redirectUri: string,
  context: HttpContext,
): Promise<Tokens> {
  const { server, client, secret } = parties(grant)
  return granted(grant, null, null, context, async options => {
    const params = oauth.validateAuthResponse(server, client, answered, state)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      secret,
      params,
      redirectUri,
      verifier,
      options,
    )
    return oauth.processAuthorizationCodeResponse(server, client, await tolerant(response))
  })
}

function parties({ tokenUrl, clientId, clientSecret, clientAuth = 'form' }: Grant) {
  const server: oauth.AuthorizationServer = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl }
  const client: oauth.Client = { client_id: clientId }
  const secret =
    clientSecret === undefined
      ? oauth.None()
      : clientAuth === 'basic'
        ? oauth.ClientSecretBasic(clientSecret)
        : oauth.ClientSecretPost(clientSecret)
  return { server, client, secret }
}

async function granted(
  grant: Grant,
  before: string | null,
  lifeSeconds: number | null,
  { signal, now, pace }: HttpContext,
  ask: (options: oauth.TokenEndpointRequestOptions) => Promise<oauth.TokenEndpointResponse>,
): Promise<Tokens> {
  const obtainedAt = now()
  try {
    const answer = await ask({
      signal: AbortSignal.any([signal, AbortSignal.timeout(pace?.silentMs ?? SILENT_MS)]),
      // A simulator on this machine speaks no TLS.
      [oauth.allowInsecureRequests]: isLocal(grant.tokenUrl),
    })
    const life = answer.expires_in ?? lifeSeconds
    return {
      access: answer.access_token,
      obtainedAt,
      expiresAt: life === null ? null : obtainedAt + life * 1_000_000,
      refresh: answer.refresh_token ?? before,
      ...(grant.keep === undefined ? {} : { more: textsOf(answer, grant.keep) }),
    }
  } catch (error) {
    signal.throwIfAborted()
    throw troubleOf(grant.tokenUrl, error, obtainedAt)
  }
}

const textsOf = (answer: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap(name => {
      const value = answer[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )

const isLocal = (url: string) => /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(url)

/** Some platforms give no `token_type`, which the RFC asks for. */
async function tolerant(response: Response): Promise<Response> {
  if (!response.ok) return response
  const text = await response.text()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = null
  }
  const whole =
    typeof body === 'object' && body !== null ? JSON.stringify({ token_type: 'bearer', ...body }) : text
  return new Response(whole, { status: response.status, headers: { 'content-type': 'application/json' } })
}

function troubleOf(url: string, error: unknown, now: number): ConnectorError {
  if (error instanceof oauth.ResponseBodyError) {
    const said = [error.error, error.error_description].filter(Boolean).join(': ')
    if (error.error === 'invalid_client' || error.error === 'unauthorized_client')
      return configError(`the app is refused by ${url} (${said}): check its id and secret`)
    if (error.status >= 500) return new RetryableError(`${url} has an outage (${said})`, { cause: error })
    return authError(`the tokens are not given any more by ${url} (${said})`)
  }
  if (error instanceof oauth.AuthorizationResponseError)
    return authError(`the authorisation was refused: ${error.error}`)
  const { response, cause } = error as { response?: Response; cause?: unknown }
  const answered = response ?? (cause instanceof Response ? cause : undefined)
  if (answered !== undefined) {
    const { status, headers } = answered
    const waitMs = retryAfterMs(headers.get('retry-after'), now)
    if (status === 429 || status >= 500)
      return new RetryableError(
        `${url} answers HTTP ${status}`,
        waitMs === null ? {} : { retryAfterMs: waitMs },
      )
    return authError(`${url} answers HTTP ${status}`)
  }
  return new RetryableError(`${url} cannot be reached: ${messageOf(error)}`, { cause: error })
}
