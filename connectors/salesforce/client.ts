import type { Setting } from '../../plugins/contract.ts'
import { fatalError } from '../../plugins/errors.ts'
import { type HttpClient, http, oauth2, type Part } from '../../plugins/http/index.ts'
import { salesforceErrors } from './errors.ts'
import type { Settings } from './settings.ts'

/** The version of the API: a path that all others begin with. */
export const API = 'services/data/v66.0'

/**
 * A token has no end that is known: a session lasts as long as the organisation has set, so that it is renewed when
 * it is refused (401, `INVALID_SESSION_ID`).
 */
export function clientOf(context: Setting<Settings>): HttpClient {
  const { login_url, instance_url, client_id, client_secret, refresh_token } = context.config
  const auth = oauth2({
    tokenUrl: new URL('/services/oauth2/token', login_url).href,
    clientId: client_id,
    clientSecret: client_secret,
    refreshToken: refresh_token,
    keep: ['instance_url'],
  })
  const place = instance_url === undefined ? [atInstance()] : []
  return http(context, instance_url ?? login_url, auth, ...place, salesforceErrors)
}

/** Sends requests to where the token is from. Behind `oauth2`, which has one by then. */
const atInstance = (): Part => ({
  async prepare({ url }, { tokens }) {
    const instance = (await tokens.load())?.more?.instance_url
    if (instance === undefined || !URL.canParse(instance))
      throw fatalError('Salesforce gave a token and no instance_url: set instance_url')
    url.href = new URL(url.pathname + url.search, instance).href
  },
})
