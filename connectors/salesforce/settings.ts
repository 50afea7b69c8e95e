import { configError } from '../../plugins/errors.ts'
import { type FromSchema, map, object, optional, string } from '../../plugins/schema.ts'

export const settings = object({
  client_id: string({ title: 'Client id', description: 'Consumer key of the connected app', minLength: 1 }),
  client_secret: string({ title: 'Client secret', secret: true, minLength: 1 }),
  refresh_token: string({
    title: 'Refresh token',
    description: 'Scopes: api refresh_token',
    secret: true,
    minLength: 1,
  }),
  login_url: string({
    title: 'Login address',
    description: 'Of a sandbox https://test.salesforce.com; or My Domain',
    default: 'https://login.salesforce.com',
    pattern: '^https?://',
  }),
  instance_url: optional(
    string({
      title: 'Instance address',
      description: 'Left out: what Salesforce says when it gives a token',
      pattern: '^https?://',
    }),
  ),
  click_ids: optional(
    map(string(), {
      title: 'Click ids',
      description: 'Click ids and the field of leads and contacts that each is in: {"gclid": "GCLID__c"}',
    }),
  ),
  currency: optional(
    string({
      title: 'Currency',
      description: 'ISO 4217, of an organisation with one currency. Left out: what Salesforce says',
      pattern: '^[A-Z]{3}$',
    }),
  ),
})

export type Settings = FromSchema<typeof settings>

const FIELD = /^[A-Za-z][A-Za-z0-9_]*$/

/** @throws config: the name of a field is none: it would become a part of a query */
export function clickIdsOf({ click_ids = {} }: Settings): Readonly<Record<string, string>> {
  for (const [name, field] of Object.entries(click_ids))
    if (!FIELD.test(field)) throw configError(`'${field}' is no API name of a field`, `/click_ids/${name}`)
  return click_ids
}
