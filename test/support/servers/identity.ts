import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export const AUDIENCE = 'kafka'
export const ISSUER = 'stratum-test'

/** A small OAuth 2 server: client credentials in (RFC 6749 §4.4), signed tokens out (RFC 7519, RS256). */
export interface IdentityProvider {
  readonly tokenUrl: string
  /** The public key (RFC 7517). */
  readonly jwksUrl: string
  /** Tokens given out over HTTP so far. */
  readonly issued: number
  /** A token for `subject`, valid for `seconds`; below zero it has expired. */
  token(subject: string, seconds?: number): string
  stop(): Promise<void>
}

/** @param clients secrets by client id, which becomes the token's subject. */
export async function startIdentityProvider(
  clients: Readonly<Record<string, string>>,
  { lifetimeSeconds = 300 }: { lifetimeSeconds?: number } = {},
): Promise<IdentityProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' }] }
  let issued = 0

  const token = (sub: string, seconds = lifetimeSeconds) => {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: ISSUER,
      aud: AUDIENCE,
      sub,
      iat: Math.min(now, now + seconds),
      exp: now + seconds,
    }
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: 'test' })}.${part(claims)}`
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`
  }

  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/jwks') return answer(200, jwks)
    if (request.url !== '/token' || request.method !== 'POST') return answer(404, { error: 'not_found' })
    const { grant, id, secret } = await asked(request)
    if (grant !== 'client_credentials') return answer(400, { error: 'unsupported_grant_type' })
    if (id === null || clients[id] === undefined || clients[id] !== secret)
      return answer(401, { error: 'invalid_client' })
    issued++
    return answer(200, { access_token: token(id), token_type: 'Bearer', expires_in: lifetimeSeconds })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    tokenUrl: `${url}/token`,
    jwksUrl: `${url}/jwks`,
    get issued() {
      return issued
    },
    token,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Id and secret come in the header (form-encoded, §2.3.1) or in the body. */
async function asked(request: IncomingMessage) {
  const body = new URLSearchParams(await text(request))
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const [id, secret] =
    basic === undefined ? [] : Buffer.from(basic, 'base64').toString().split(':').map(decoded)
  return {
    grant: body.get('grant_type'),
    id: id ?? body.get('client_id'),
    secret: secret ?? body.get('client_secret'),
  }
}

const decoded = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
