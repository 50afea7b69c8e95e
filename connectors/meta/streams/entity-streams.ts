import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import { type FullState, full, type PartSlice } from '../../../plugins/sync/index.ts'
import type { Account } from '../api/account.ts'
import type { Meta } from '../api/client.ts'
import { everyStatus, type Level } from '../api/statuses.ts'
import type { Context } from '../context.ts'
import type { Json } from '../fields.ts'
import type { Settings } from '../settings.ts'
import { byAccount } from './by-account.ts'
import { accountRecord, adRecord, adsetRecord, campaignRecord } from './entities.ts'
import { rowsOf } from './rows.ts'

type AccountSlice = SliceContext<Settings, Meta, PartSlice<Account, null>>

const ROWS = 500

/** A list of an account's objects, read whole at every run: the API does not tell what was changed by others. */
const listed = (
  title: string,
  level: Level,
  fields: string,
  read: (row: Json, account: Account, asOf: number) => AdEntityRecord,
) =>
  sliced({
    title,
    kind: 'ad_entity',
    schema: AdEntityRecord,
    primaryKey: ['account_id', `${level}_id`],
    cursor: byAccount<null, FullState>(null, () => full<Context>()),
    async *read({ client, slice: { part: account }, from, now }: AccountSlice) {
      const path = `act_${account.id}/${level}s`
      const at = { from: from as string | null, rows: ROWS }
      for await (const page of client.pages(
        account.id,
        path,
        { fields, filtering: everyStatus(level) },
        at,
      )) {
        const asOf = now()
        const rows = rowsOf(page.body, `${level}s of ad account ${account.id}`, row =>
          read(row, account, asOf),
        )
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
    yield {
      ...rowsOf({ data: [account.row] }, 'ad accounts', () => accountRecord(account, now())),
      next: null,
    }
  },
})

const COMMON = 'id,name,status,effective_status'

export const campaigns = listed(
  'Campaigns',
  'campaign',
  `${COMMON},objective,daily_budget,lifetime_budget,bid_strategy`,
  campaignRecord,
)

export const adsets = listed(
  'Ad sets',
  'adset',
  `${COMMON},campaign_id,optimization_goal,daily_budget,lifetime_budget,bid_amount,bid_strategy`,
  adsetRecord,
)

export const ads = listed('Ads', 'ad', `${COMMON},campaign_id,adset_id`, adRecord)
