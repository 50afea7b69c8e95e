import { sliced } from '../../../plugins/contract.ts'
import { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import { full } from '../../../plugins/sync/index.ts'
import { listOf } from '../api/envelope.ts'
import type { TikTokContext } from '../settings.ts'
import { byAdvertiser } from './by-advertiser.ts'
import { account, ad, adset, campaign, type ToEntity } from './entities.ts'
import { made } from './rows.ts'

/** Deleted objects are left out unless all are asked for. */
export const ALL = { primary_status: 'STATUS_ALL' } as const

const STATE = ['operation_status', 'secondary_status']
const BUDGET = ['budget_mode', 'budget']

/** Lists of objects: what is asked for at each level. */
export const LISTS = {
  campaign: {
    path: 'campaign/get/',
    ids: 'campaign_ids',
    fields: ['campaign_id', 'campaign_name', 'objective_type', ...STATE, ...BUDGET],
  },
  adset: {
    path: 'adgroup/get/',
    ids: 'adgroup_ids',
    fields: [
      ...['campaign_id', 'adgroup_id', 'adgroup_name', ...STATE, ...BUDGET],
      ...['bid_type', 'billing_event', 'bid_price', 'conversion_bid_price', 'roas_bid'],
    ],
  },
  ad: {
    path: 'ad/get/',
    ids: 'ad_ids',
    fields: ['campaign_id', 'adgroup_id', 'ad_id', 'ad_name', ...STATE],
  },
} as const

function list(title: string, level: keyof typeof LISTS, toEntity: ToEntity) {
  const { path, fields } = LISTS[level]
  return sliced({
    title,
    kind: 'ad_entity',
    schema: AdEntityRecord,
    primaryKey: [`${level}_id`],
    cursor: byAdvertiser(null, () => full<TikTokContext>()),
    async *read({ client, slice: { part: advertiser }, from, now }) {
      const query = { advertiser_id: advertiser.id, filtering: ALL, fields }
      for await (const { body, next } of client.list(path, query, from)) {
        const origin = `${path} of advertiser ${advertiser.id}`
        yield { ...made(listOf(body, path), origin, row => toEntity(row, advertiser, now())), next }
      }
    },
  })
}

export const accounts = sliced({
  title: 'Advertisers',
  kind: 'ad_entity',
  schema: AdEntityRecord,
  primaryKey: ['account_id'],
  cursor: full<TikTokContext>(),
  async *read({ client, now }) {
    const found = await client.advertisers()
    const byRow = new Map(found.map(advertiser => [advertiser.row, advertiser]))
    const rows = [...byRow.keys()]
    yield { ...made(rows, 'advertiser/info/', row => account(row, byRow.get(row)!, now())), next: null }
  },
})
export const campaigns = list('Campaigns', 'campaign', campaign)
export const adsets = list('Ad groups', 'adset', adset)
export const ads = list('Ads', 'ad', ad)
