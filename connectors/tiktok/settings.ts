import type { Connected, Setting } from '../../plugins/contract.ts'
import { configError } from '../../plugins/errors.ts'
import { array, type FromSchema, integer, object, string } from '../../plugins/schema.ts'
import type { TikTok } from './api/client.ts'

export const Settings = object({
  access_token: string({
    title: 'Access token',
    description: 'Given when an advertiser authorised the app; it has no end, and can be revoked',
    secret: true,
    minLength: 1,
  }),
  advertiser_ids: array(string({ pattern: '^[0-9]+$' }), {
    title: 'Advertisers',
    description: 'Ids of the ad accounts, as Ads Manager shows them',
  }),
  app_id: string({
    title: 'App',
    description: 'Id of the developer app: the platform counts requests by it',
    minLength: 1,
  }),
  service_tier: string({
    title: 'Tier of the app',
    description: 'Says how often it may ask: shown in the developer portal',
    enum: ['sandbox', 'basic', 'advanced', 'premium', 'ultimate'],
    default: 'basic',
  }),
  history_days: integer({
    title: 'History',
    description: 'Days that the first sync reads, today included',
    minimum: 1,
    maximum: 1100,
    default: 90,
  }),
  base_url: string({
    title: 'Address of the API',
    default: 'https://business-api.tiktok.com/open_api/v1.3',
  }),
})
export type Settings = FromSchema<typeof Settings>

/** What a connection is made of: its settings, the clock, the limits … */
export type TikTokSetting = Setting<Settings>
/** … with what speaks to the platform. */
export type TikTokContext = Connected<Settings, TikTok>

/** What the schema cannot say. @throws config */
export function checkSettings({ advertiser_ids, base_url }: Settings): void {
  if (advertiser_ids.length === 0) throw configError('names no advertiser', '/advertiser_ids')
  const twice = advertiser_ids.find((id, i) => advertiser_ids.indexOf(id) !== i)
  if (twice !== undefined) throw configError(`names ${twice} twice`, '/advertiser_ids')
  if (!/^https?:$/.test(URL.canParse(base_url) ? new URL(base_url).protocol : ''))
    throw configError(`'${base_url}' is no http(s) address`, '/base_url')
}
