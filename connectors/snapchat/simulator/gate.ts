import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'
import { CLIENT, type SnapchatPlatform } from './platform.ts'

const TOKEN_PATH = '/login/oauth2/access_token'

/** Credentials and limits, as they come before everything else; and the server that gives tokens. */
export function gate(app: FastifyInstance, platform: SnapchatPlatform): void {
  app.post(TOKEN_PATH, (request, reply) => giveTokens(platform, request, reply))

  app.addHook('onSend', async (request, reply, payload) => {
    if (!platform.faults.loses(request.method, request.url)) return payload
    reply.code(502).type('text/html')
    return '<html>Bad Gateway</html>'
  })

  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return
    platform.requests.push(`${request.method} ${request.url}`)
    const ordered = platform.faults.ordered(request.url)
    if (ordered) {
      const { status, body, headers = {} } = ordered
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return reply.code(status).headers(headers).type('application/json').send(text)
    }
    admit(platform, bearerOf(platform, request))
  })
}

/** @throws ApiError 401 */
function bearerOf({ tokens }: SnapchatPlatform, request: FastifyRequest): string {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (tokens.accepts(token) === 'yes') return token
  throw new ApiError(401, null, 'the access token is not valid', {
    'www-authenticate': 'Bearer error="invalid_token"',
  })
}

/** @throws ApiError 429; no Retry-After */
function admit({ appLimits, tokenLimits, options }: SnapchatPlatform, token: string): void {
  if (options.limited === false) return
  if (tokenLimits.refuse(token) === null && appLimits.refuse(CLIENT.id) === null) return
  throw new ApiError(429, null, 'rate limit exceeded')
}

function giveTokens({ tokens }: SnapchatPlatform, request: FastifyRequest, reply: FastifyReply) {
  const form = (request.body ?? {}) as Readonly<Record<string, string>>
  if (form.client_id !== CLIENT.id || form.client_secret !== CLIENT.secret)
    return reply.code(401).send({ error: 'invalid_client', error_description: 'unknown client' })
  const issued =
    form.grant_type === 'refresh_token'
      ? tokens.refresh(form.refresh_token ?? '')
      : form.grant_type === 'authorization_code'
        ? tokens.exchange(form.code ?? '', form.code_verifier ?? null)
        : undefined
  if (issued === undefined) return reply.code(400).send({ error: 'unsupported_grant_type' })
  if (issued === null) return reply.code(400).send({ error: 'invalid_grant' })
  return {
    access_token: issued.access,
    token_type: 'Bearer',
    expires_in: issued.lifeSeconds,
    refresh_token: issued.refresh,
    scope: 'snapchat-marketing-api',
  }
}
