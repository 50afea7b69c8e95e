import { currentView, type TableSpec } from '../../engine/sink/table.ts'
import { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import { columnsOf } from '../current/columns.ts'

const IDS = ['campaign_id', 'adset_id', 'ad_id'] as const

/** @param ids how many of the ids below the account a level has */
function tableOf(name: string, kind: string, what: string, ids: number): TableSpec {
  const key = ['tenant_id', 'platform', 'account_id', ...IDS.slice(0, ids)]
  const columns = columnsOf(AdEntityRecord, ['level', ...IDS.slice(ids)])
  return {
    name,
    comment: `One row is one ${what} at one revision`,
    version: 1,
    from: { topic: 'entities', kind },
    time: 'as_of',
    orderBy: ['tenant_id', 'platform', 'account_id'],
    columns,
    views: [currentView(name, columns, key)],
  }
}

export const adEntityTables = [
  tableOf('ad_accounts', 'ad_account', 'account of an ad platform', 0),
  tableOf('campaigns', 'campaign', 'campaign', 1),
  tableOf('ad_sets', 'ad_set', 'ad set, ad group or ad squad', 2),
  tableOf('ads', 'ad', 'ad', 3),
]
