import { configError } from '../../plugins/errors.ts'
import { array, type FromSchema, integer, object, optional, string } from '../../plugins/schema.ts'

const ID = '^[0-9]+(-[0-9]+)*$'

export const Settings = object({
  developer_token: string({
    title: 'Developer token',
    description: 'From the API centre of a manager account',
    secret: true,
    minLength: 1,
  }),
  client_id: string({ title: 'Client ID', description: 'Of the OAuth app', minLength: 1 }),
  client_secret: string({ title: 'Client secret', secret: true, minLength: 1 }),
  refresh_token: string({
    title: 'Refresh token',
    description: 'From the authorisation with scope https://www.googleapis.com/auth/adwords',
    secret: true,
    minLength: 1,
  }),
  customer_ids: array(string({ title: 'Customer', pattern: ID }), {
    title: 'Accounts',
    description: 'Customer ids, with or without dashes; no manager accounts: those have no figures',
  }),
  login_customer_id: optional(
    string({
      title: 'Manager account',
      description: 'Whose clients the accounts are; left out where the user has access to them directly',
      pattern: ID,
    }),
  ),
  history_days: integer({
    title: 'History',
    description: 'Days that the first sync reads, today included; Google keeps 37 months by day',
    minimum: 1,
    maximum: 1125,
    default: 90,
  }),
  conversion_window_days: integer({
    title: 'Conversion window',
    description: 'The longest of the conversion actions: for so many days a day is read again',
    minimum: 1,
    maximum: 90,
    default: 30,
  }),
  access_level: string({
    title: 'Access level',
    description: 'Of the developer token: 2,880 operations a day, 15,000, or as many as there are',
    enum: ['explorer', 'basic', 'standard'],
    default: 'basic',
  }),
  base_url: string({
    title: 'Address of the API',
    description: 'With its version',
    default: 'https://googleads.googleapis.com/v25',
  }),
  token_url: string({
    title: 'Address that gives tokens',
    default: 'https://oauth2.googleapis.com/token',
  }),
})
export type Settings = FromSchema<typeof Settings>

/** As the API wants ids: digits only. */
export const bare = (id: string): string => id.replaceAll('-', '')

export const customerIds = ({ customer_ids }: Settings): string[] => customer_ids.map(bare)

/** What the schema cannot say. @throws config */
export function checkSettings(settings: Settings): void {
  const ids = customerIds(settings)
  if (ids.length === 0) throw configError('names no account', '/customer_ids')
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) throw configError(`names ${twice} twice`, '/customer_ids')
  const { base_url, token_url } = settings
  for (const [name, address] of Object.entries({ base_url, token_url }))
    if (!/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : ''))
      throw configError(`'${address}' is no http(s) address`, `/${name}`)
}
