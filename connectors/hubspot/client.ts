import type { Setting } from '../../plugins/contract.ts'
import { bearer, type HttpClient, http, oauth2 } from '../../plugins/http/index.ts'
import { hubspotErrors } from './errors.ts'
import { hubspotLimits } from './limits.ts'
import { accountKey, credentialsOf, type Settings } from './settings.ts'

/** An access token lives half an hour; `expires_in` says so, and is what counts. */
const LIFE_SECONDS = 1800

/** @throws config: it is not said how to connect */
export function clientOf(context: Setting<Settings>): HttpClient {
  const { config } = context
  const { base_url: base, token_url: tokenUrl = new URL('/oauth/v3/token', base).href } = config
  const credentials = credentialsOf(config)
  const auth =
    credentials.kind === 'private'
      ? bearer(credentials.token)
      : oauth2({
          tokenUrl,
          clientId: credentials.id,
          clientSecret: credentials.secret,
          refreshToken: credentials.refresh,
          lifeSeconds: LIFE_SECONDS,
        })
  const limits = hubspotLimits({
    key: accountKey(credentials),
    calls: config.calls_per_10_seconds ?? (credentials.kind === 'private' ? 100 : 110),
    isFixed: config.calls_per_10_seconds !== undefined,
  })
  return http(context, base, auth, limits, hubspotErrors)
}
