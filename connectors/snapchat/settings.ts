import { configError } from '../../plugins/errors.ts'
import { array, type FromSchema, integer, object, optional, string } from '../../plugins/schema.ts'

/** Days that the platform may still credit conversions to, by the windows asked for (platforms.md §4.2). */
const SWIPE_DAYS = { '1_DAY': 1, '7_DAY': 7, '28_DAY': 28 } as const
const VIEW_DAYS = { '1_HOUR': 1, '3_HOUR': 1, '6_HOUR': 1, '1_DAY': 1, '7_DAY': 7, '28_DAY': 28 } as const

export const Settings = object({
  client_id: string({
    title: 'Client ID',
    description: 'Of the OAuth app in Business Details',
    minLength: 1,
  }),
  client_secret: string({ title: 'Client secret', secret: true, minLength: 1 }),
  refresh_token: string({
    title: 'Refresh token',
    description: 'From the authorisation with scope snapchat-marketing-api',
    secret: true,
    minLength: 1,
  }),
  ad_account_ids: array(string({ minLength: 1 }), {
    title: 'Ad accounts',
    description: 'Ids (UUIDs), as Ads Manager shows them',
  }),
  pixel_ids: optional(
    array(string({ minLength: 1 }), { title: 'Pixels', description: 'Whose match quality is read' }),
  ),
  history_days: integer({
    title: 'History',
    description: 'Days that the first sync reads, today included',
    minimum: 1,
    maximum: 1100,
    default: 90,
  }),
  swipe_up_attribution_window: string({
    title: 'Conversions after a swipe',
    enum: ['1_DAY', '7_DAY', '28_DAY'],
    default: '28_DAY',
  }),
  view_attribution_window: string({
    title: 'Conversions after a view',
    enum: ['1_HOUR', '3_HOUR', '6_HOUR', '1_DAY', '7_DAY', '28_DAY'],
    default: '1_DAY',
  }),
  base_url: string({ title: 'Address of the API', default: 'https://adsapi.snapchat.com/v1' }),
  token_url: string({
    title: 'Address that gives tokens',
    default: 'https://accounts.snapchat.com/login/oauth2/access_token',
  }),
})
export type Settings = FromSchema<typeof Settings>

/** The longest any window lasts: for so many days after a day its conversions may still come in. */
export const LONGEST_WINDOW_DAYS = 28

/** For so many days after a day its conversions may still come in, under the windows of the settings. */
export const windowDays = (settings: Settings): number =>
  Math.max(SWIPE_DAYS[settings.swipe_up_attribution_window], VIEW_DAYS[settings.view_attribution_window])

/** What the schema cannot say. @throws config */
export function checkSettings({ ad_account_ids, base_url, token_url }: Settings): void {
  if (ad_account_ids.length === 0) throw configError('names no ad account', '/ad_account_ids')
  const twice = ad_account_ids.find((id, i) => ad_account_ids.indexOf(id) !== i)
  if (twice !== undefined) throw configError(`names ${twice} twice`, '/ad_account_ids')
  for (const [name, address] of Object.entries({ base_url, token_url }))
    if (!/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : ''))
      throw configError(`'${address}' is no http(s) address`, `/${name}`)
}
