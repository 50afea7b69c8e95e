import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiFailure } from './errors.ts'
import { CLIENT, DEVELOPER_TOKEN, type GoogleAdsPlatform, MANAGER } from './platform.ts'
import { camelNames } from './proto-names.ts'

/** The server that gives tokens; and what comes before everything else: answers to order, credentials. */
export function gate(app: FastifyInstance, platform: GoogleAdsPlatform): void {
  app.post('/token', (request, reply) => giveTokens(platform, request, reply))

  app.addHook('preHandler', async (request, reply) => {
    if (!request.url.startsWith('/v25/')) return
    request.body = camelNames(request.body)
    const { query } = (request.body ?? {}) as { query?: unknown }
    platform.requests.push(`${request.method} ${request.url}${typeof query === 'string' ? ` ${query}` : ''}`)
    const ordered = platform.faults.ordered(request.url)
    if (ordered) {
      const { status, body, headers = {} } = ordered
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return reply.code(status).headers(headers).type('application/json').send(text)
    }
    authenticate(platform, request)
  })
}

const authentication = (code: string, message: string): ApiFailure =>
  new ApiFailure({ category: 'authenticationError', code, message })

/** @throws ApiFailure 401 */
function authenticate({ tokens }: GoogleAdsPlatform, { headers }: FastifyRequest): void {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
  const known = tokens.accepts(token)
  if (known === 'expired') throw authentication('OAUTH_TOKEN_EXPIRED', 'OAuth token has expired.')
  if (known === 'unknown') throw authentication('OAUTH_TOKEN_INVALID', 'OAuth token is invalid.')
  const developer = headers['developer-token']
  if (developer === undefined)
    throw new ApiFailure({
      category: 'requestError',
      code: 'DEVELOPER_TOKEN_PARAMETER_MISSING',
      message: 'Developer token is missing.',
    })
  if (developer !== DEVELOPER_TOKEN)
    throw authentication('DEVELOPER_TOKEN_INVALID', 'The developer token is not valid.')
}

/** May the user see the account, by the way that `login-customer-id` says? @throws ApiFailure 401, 403 */
export function authorise(platform: GoogleAdsPlatform, request: FastifyRequest, customer: string): void {
  const { options, faults } = platform
  const login = request.headers['login-customer-id']
  if (!/^\d+$/.test(customer))
    throw new ApiFailure({
      category: 'requestError',
      code: 'INVALID_CUSTOMER_ID',
      message: `Invalid customer ID '${customer}'.`,
    })
  if (login !== undefined && !/^\d+$/.test(String(login)))
    throw new ApiFailure({
      category: 'headerError',
      code: 'INVALID_LOGIN_CUSTOMER_ID',
      message: 'The login customer ID could not be validated.',
    })
  if (faults.forbidden) throw denied()
  if (customer !== MANAGER && platform.account(customer) === null)
    throw authentication('CUSTOMER_NOT_FOUND', 'No customer found for the provided customer id.')
  const { throughManager = true } = options
  const goesThrough = login === MANAGER
  if (login !== undefined && !goesThrough && login !== customer) throw denied()
  if (throughManager && !goesThrough && customer !== MANAGER) throw denied()
}

const denied = (): ApiFailure =>
  new ApiFailure({
    category: 'authorizationError',
    code: 'USER_PERMISSION_DENIED',
    message:
      "User doesn't have permission to access customer. Note: If you're accessing a client customer, the manager's customer id must be set in the 'login-customer-id' header.",
  })

/** @throws ApiFailure 429 */
export function count({ daily, burst }: GoogleAdsPlatform, operations: number): void {
  const refuse = (code: string, waitMs: number) =>
    new ApiFailure({
      category: 'quotaError',
      code,
      message: 'Too many requests. Retry later.',
      retrySeconds: Math.max(1, Math.ceil(waitMs / 1000)),
      rateScope: 'DEVELOPER',
    })
  const soon = burst?.refuse(DEVELOPER_TOKEN, operations) ?? null
  if (soon !== null) throw refuse('RESOURCE_TEMPORARILY_EXHAUSTED', soon)
  const later = daily?.refuse(DEVELOPER_TOKEN, operations) ?? null
  if (later !== null) throw refuse('RESOURCE_EXHAUSTED', later)
}

function giveTokens({ tokens }: GoogleAdsPlatform, request: FastifyRequest, reply: FastifyReply) {
  const form = (request.body ?? {}) as Readonly<Record<string, string>>
  if (form.client_id !== CLIENT.id || form.client_secret !== CLIENT.secret)
    return reply
      .code(401)
      .send({ error: 'invalid_client', error_description: 'The OAuth client was not found.' })
  const issued =
    form.grant_type === 'refresh_token'
      ? tokens.refresh(form.refresh_token ?? '')
      : form.grant_type === 'authorization_code'
        ? tokens.exchange(form.code ?? '', form.code_verifier ?? null)
        : undefined
  if (issued === undefined) return reply.code(400).send({ error: 'unsupported_grant_type' })
  if (issued === null)
    return reply
      .code(400)
      .send({ error: 'invalid_grant', error_description: 'Token has been expired or revoked.' })
  // A refresh gives no new refresh token.
  return {
    access_token: issued.access,
    token_type: 'Bearer',
    expires_in: issued.lifeSeconds,
    scope: 'https://www.googleapis.com/auth/adwords',
    ...(form.grant_type === 'authorization_code' ? { refresh_token: issued.refresh } : {}),
  }
}
