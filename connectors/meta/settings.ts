import { configError } from '../../plugins/errors.ts'
import { array, type FromSchema, integer, object, optional, string } from '../../plugins/schema.ts'

const WINDOWS = ['1d_click', '7d_click', '28d_click', '1d_view', '1d_ev'] as const

export const Settings = object({
  access_token: string({
    title: 'Access token',
    description: 'Of a system user with the right ads_read; ads_management for changes',
    secret: true,
    minLength: 1,
  }),
  app_secret: optional(
    string({
      title: 'App secret',
      description: 'Of the app the token is of: every request is then signed (appsecret_proof)',
      secret: true,
      minLength: 1,
    }),
  ),
  ad_account_ids: array(string({ title: 'Ad account', pattern: '^(act_)?[0-9]+$' }), {
    title: 'Ad accounts',
    description: 'Numbers, with or without act_',
  }),
  pixel_ids: optional(
    array(string({ title: 'Pixel', pattern: '^[0-9]+$' }), {
      title: 'Pixels (datasets)',
      description: 'Whose match quality and statistics are read',
    }),
  ),
  history_days: integer({
    title: 'History',
    description: 'Days that the first sync reads, today included; Meta keeps 37 months',
    minimum: 1,
    maximum: 1125,
    default: 90,
  }),
  purchase_action: string({
    title: 'Conversion',
    description: 'The one action type that is counted: Meta reports a purchase under several at once',
    minLength: 1,
    default: 'omni_purchase',
  }),
  attribution_windows: optional(
    array(string({ title: 'Window', enum: WINDOWS }), {
      title: 'Attribution windows',
      description:
        "At most one after a click, one after a view, one after an engaged view. Left out: each ad set's own, as Ads Manager shows it",
    }),
  ),
  access_tier: string({
    title: 'Access tier',
    description: 'Of the app: what Meta lets it ask in an hour. full: after Advanced Access was granted',
    enum: ['limited', 'full'],
    default: 'limited',
  }),
  base_url: string({
    title: 'Address of the Graph API',
    description: 'With its version',
    default: 'https://graph.facebook.com/v26.0',
  }),
})
export type Settings = FromSchema<typeof Settings>
export type Tier = Settings['access_tier']

/** The accounts' numbers, as reports name them: without `act_`. */
export const accountIds = ({ ad_account_ids }: Settings): string[] =>
  ad_account_ids.map(id => id.replace(/^act_/, ''))

/** What the schema cannot say. @throws config */
export function checkSettings(settings: Settings): void {
  const ids = accountIds(settings)
  if (ids.length === 0) throw configError('names no ad account', '/ad_account_ids')
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) throw configError(`names ${twice} twice`, '/ad_account_ids')
  const { base_url, attribution_windows: windows = [] } = settings
  if (!/^https?:$/.test(URL.canParse(base_url) ? new URL(base_url).protocol : ''))
    throw configError(`'${base_url}' is no http(s) address`, '/base_url')
  for (const kind of ['click', 'view', 'ev']) {
    const same = windows.filter(window => window.endsWith(`_${kind}`))
    // A longer window holds what a shorter one does: their sum would count it twice.
    if (same.length > 1) throw configError(`${same.join(' and ')} overlap: name one`, '/attribution_windows')
  }
}
