import type { StreamDefinition } from '../../../plugins/contract.ts'
import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import { made } from '../../../plugins/rows/index.ts'
import { type FullState, full, type PartSlice } from '../../../plugins/sync/index.ts'
import type { GoogleAds } from '../api/client.ts'
import { CUSTOMER_QUERY, type Customer } from '../api/customer.ts'
import type { Json } from '../api/exact-json.ts'
import type { Context } from '../context.ts'
import type { Settings } from '../settings.ts'
import { byCustomer } from './by-customer.ts'
import { accountRecord, adRecord, adsetRecord, CampaignRecord, campaignRecord, QUERIES } from './entities.ts'
import { named } from './named.ts'

type CustomerSlice = SliceContext<Settings, GoogleAds, PartSlice<Customer, null>>

interface Listed<R> {
  readonly title: string
  readonly schema?: StreamDefinition<Settings>['schema']
  readonly primaryKey: readonly string[]
  readonly query: string
  readonly read: (row: Json, customer: Customer, asOf: number) => R
}

/** What an account has of a kind, read whole at every run: its status and its budget change without a trace. */
const listed = <R>({ title, schema = AdEntityRecord, primaryKey, query, read }: Listed<R>) =>
  sliced({
    title,
    kind: 'ad_entity',
    schema,
    primaryKey: ['account_id', ...primaryKey],
    cursor: byCustomer<null, FullState>(null, () => full<Context>()),
    async *read({ client, slice: { part: customer }, from, now }: CustomerSlice) {
      for await (const { rows, next } of client.search(customer.id, query, from as string | null)) {
        const asOf = now()
        const origin = named(`${title.toLowerCase()} of account ${customer.id}`)
        yield { ...made(rows, row => read(row, customer, asOf), { origin }), next }
      }
    },
  })

export const accounts = listed({
  title: 'Accounts',
  primaryKey: [],
  query: CUSTOMER_QUERY,
  read: accountRecord,
})

export const campaigns = listed({
  title: 'Campaigns',
  schema: CampaignRecord,
  primaryKey: ['campaign_id'],
  query: QUERIES.campaigns,
  read: campaignRecord,
})

export const adsets = listed({
  title: 'Ad groups',
  primaryKey: ['adset_id'],
  query: QUERIES.adsets,
  read: adsetRecord,
})

/** An ad may stand in several ad groups. */
export const ads = listed({
  title: 'Ads',
  primaryKey: ['adset_id', 'ad_id'],
  query: QUERIES.ads,
  read: adRecord,
})
