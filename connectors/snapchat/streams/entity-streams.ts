import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import { type FullState, full, type PartSlice } from '../../../plugins/sync/index.ts'
import type { Account } from '../api/account.ts'
import type { Snapchat } from '../api/client.ts'
import { type Json, outcomesOf } from '../api/envelope.ts'
import type { Context } from '../context.ts'
import type { Settings } from '../settings.ts'
import { byAccount } from './by-account.ts'
import { accountRecord, adRecord, adsetRecord, campaignRecord } from './entities.ts'
import { collect, type Rows, rowsOf } from './rows.ts'

type AccountSlice = SliceContext<Settings, Snapchat, PartSlice<Account, null>>

/** Makes a record of a row. */
type Reader = (row: Json, account: Account, asOf: number) => AdEntityRecord

/** A list of an account's objects, read whole at every run: the API cannot tell what has changed. */
const listed = (
  title: string,
  key: string,
  list: string,
  item: string,
  readerOf: (context: { readonly client: Snapchat; readonly account: Account }) => Reader | Promise<Reader>,
) =>
  sliced({
    title,
    kind: 'ad_entity',
    schema: AdEntityRecord,
    primaryKey: ['account_id', key],
    cursor: byAccount<null, FullState>(null, () => full<Context>()),
    async *read({ client, slice: { part: account }, from, now }: AccountSlice) {
      const read = await readerOf({ client, account })
      const origin = `${list} of ad account ${account.id}`
      for await (const page of client.list(`adaccounts/${encodeURIComponent(account.id)}/${list}`, from)) {
        const asOf = now()
        const rows = rowsOf(outcomesOf(page.body, list, item), origin, row => read(row, account, asOf))
        yield { ...rows, next: page.next }
      }
    },
  })

export const accounts = sliced({
  title: 'Ad accounts',
  kind: 'ad_entity',
  schema: AdEntityRecord,
  primaryKey: ['account_id'],
  cursor: byAccount<null, FullState>(null, () => full<Context>()),
  async *read({ slice: { part: account }, now }: AccountSlice) {
    const rows: Rows<AdEntityRecord> = { records: [], rejected: [] }
    // The whole row is not shown: it may hold the address of whoever pays.
    collect(rows, 'ad accounts', { id: account.id }, () => accountRecord(account, now()))
    yield { ...rows, next: null }
  },
})

export const campaigns = listed('Campaigns', 'campaign_id', 'campaigns', 'campaign', () => campaignRecord)

export const adsets = listed('Ad squads', 'adset_id', 'adsquads', 'adsquad', () => adsetRecord)

export const ads = listed('Ads', 'ad_id', 'ads', 'ad', async ({ client, account }) => {
  const campaignsOf = await client.structure(account.id).adsets()
  return (row, of, asOf) => adRecord(row, of, campaignsOf, asOf)
})
