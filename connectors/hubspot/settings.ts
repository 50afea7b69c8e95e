import { createHash } from 'node:crypto'
import { configError } from '../../plugins/errors.ts'
import { type FromSchema, integer, map, object, optional, string } from '../../plugins/schema.ts'

export const settings = object({
  access_token: optional(
    string({ title: 'Access token', description: 'Of a private app', secret: true, minLength: 1 }),
  ),
  client_id: optional(string({ title: 'Client id', description: 'Of a public app', minLength: 1 })),
  client_secret: optional(
    string({
      title: 'Client secret',
      description: 'Of a public app; of a private one only where webhooks come in: they are signed with it',
      secret: true,
      minLength: 1,
    }),
  ),
  refresh_token: optional(string({ title: 'Refresh token', secret: true, minLength: 1 })),
  click_ids: optional(
    map(string(), {
      title: 'Click ids',
      description:
        'Further click ids and the contact property that each is in: {"ttclid": "tiktok_click_id"}. gclid and ' +
        'fbclid are read from the properties that HubSpot keeps itself',
    }),
  ),
  webhook_url: optional(
    string({
      title: 'Webhook address',
      description: 'As it is set in the app, query included: signatures are over it',
      pattern: '^https?://',
    }),
  ),
  currency: optional(
    string({
      title: 'Currency',
      description: 'ISO 4217, of deals without one. Left out: the account’s',
      pattern: '^[A-Z]{3}$',
    }),
  ),
  calls_per_10_seconds: optional(
    integer({
      title: 'Calls in 10 seconds',
      description: 'Left out: what HubSpot says; until it has said anything 100, for a public app 110',
      minimum: 1,
    }),
  ),
  base_url: string({ title: 'Address', default: 'https://api.hubapi.com', pattern: '^https?://' }),
  token_url: optional(
    string({
      title: 'Token address',
      description: 'Left out: /oauth/v3/token at the address above',
      pattern: '^https?://',
    }),
  ),
})

export type Settings = FromSchema<typeof settings>

export type Credentials =
  | { readonly kind: 'private'; readonly token: string }
  | { readonly kind: 'public'; readonly id: string; readonly secret: string; readonly refresh: string }

/** @throws config: neither a whole way to connect, nor one alone */
export function credentialsOf(config: Settings): Credentials {
  const { access_token: token, client_id: id, client_secret: secret, refresh_token: refresh } = config
  if (token !== undefined) {
    if (id !== undefined || refresh !== undefined)
      throw configError(
        'give either it or client_id, client_secret and refresh_token, not both',
        '/access_token',
      )
    return { kind: 'private', token }
  }
  const given = { client_id: id, client_secret: secret, refresh_token: refresh }
  const missing = Object.entries(given).filter(([, value]) => value === undefined)
  if (id === undefined && refresh === undefined)
    throw configError(
      'is missing: give the token of a private app, or client_id, client_secret and refresh_token of a public one',
      '/access_token',
    )
  if (id === undefined || secret === undefined || refresh === undefined)
    throw configError('is missing beside the other settings of a public app', `/${missing[0]![0]}`)
  return { kind: 'public', id, secret, refresh }
}

/** What HubSpot counts by: the app in one account. The credential itself is not to be seen in it. */
export function accountKey(credentials: Credentials): string {
  const own = credentials.kind === 'private' ? credentials.token : credentials.refresh
  return `hubspot/${createHash('sha256').update(own).digest('hex').slice(0, 16)}`
}
