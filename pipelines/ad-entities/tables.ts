import type { TableSpec } from '../../engine/sink/table.ts'
import { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import { currentTable } from '../current/table.ts'

const IDS = ['campaign_id', 'adset_id', 'ad_id'] as const

/** @param ids how many of the ids below the account a level has */
function tableOf(name: string, kind: string, what: string, ids: number): TableSpec {
  return currentTable({
    name,
    comment: `One row is one ${what} at one revision`,
    from: { topic: 'entities', kind },
    time: 'as_of',
    orderBy: ['tenant_id', 'platform', 'account_id'],
    record: AdEntityRecord,
    leaveOut: ['level', ...IDS.slice(ids)],
    key: ['tenant_id', 'platform', 'account_id', ...IDS.slice(0, ids)],
  })
}

export const adEntityTables = [
  tableOf('ad_accounts', 'ad_account', 'account of an ad platform', 0),
  tableOf('campaigns', 'campaign', 'campaign', 1),
  tableOf('ad_sets', 'ad_set', 'ad set, ad group or ad squad', 2),
  tableOf('ads', 'ad', 'ad', 3),
]
