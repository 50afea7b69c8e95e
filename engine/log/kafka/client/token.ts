import { StratumError } from '../../../errors.ts'
import type { KafkaSettings } from './settings.ts'

/** A token and for how long it need not be asked for anew. */
export type TokenSource = () => Promise<{ value: string; freshMs: number }>

/** All clients of a cluster share one. */
const sources = new WeakMap<KafkaSettings, TokenSource>()

/** Tokens by OAuth's client credentials, kept until shortly before they end. */
export function tokenSource(settings: KafkaSettings): TokenSource {
  const source = sources.get(settings) ?? newSource(settings)
  sources.set(settings, source)
  return source
}

function newSource({ sasl }: KafkaSettings): TokenSource {
  let held: { value: string; until: number } | null = null
  return async () => {
    if (sasl?.mechanism !== 'oauthbearer') throw new StratumError('CONFIG_INVALID', 'No OAuth is configured.')
    if (held && held.until > performance.now()) return given(held)
    const { tokenUrl, clientId, clientSecret, scope } = sasl
    const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)
    const answer = await fetch(tokenUrl, {
      method: 'POST',
      headers: {
        authorization: `Basic ${basic.toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) }),
      signal: AbortSignal.timeout(10_000),
    }).catch(error => {
      throw new StratumError('STORE_UNAVAILABLE', `${tokenUrl} gives no token (${error.message}).`, {
        cause: error,
      })
    })
    const body = (await answer.json().catch(() => ({}))) as { access_token?: string; expires_in?: number }
    if (!answer.ok || body.access_token === undefined)
      throw new StratumError(
        answer.status >= 500 ? 'STORE_UNAVAILABLE' : 'STORE_REFUSED',
        `${tokenUrl} gives no token (status ${answer.status}): check kafka.sasl.clientId and clientSecret.`,
      )
    held = {
      value: body.access_token,
      until: performance.now() + Math.max(0, (body.expires_in ?? 300) - 30) * 1000,
    }
    return given(held)
  }
}

const given = ({ value, until }: { value: string; until: number }) => ({
  value,
  freshMs: Math.max(0, until - performance.now()),
})
