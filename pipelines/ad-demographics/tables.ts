import { currentView, type TableSpec } from '../../engine/sink/table.ts'
import { AdDemographicRecord } from '../../plugins/records/ad-demographic.ts'
import { columnsOf } from '../current/columns.ts'

const columns = columnsOf(AdDemographicRecord)

export const adDemographicsTable: TableSpec = {
  name: 'ad_demographics_daily',
  comment:
    'One row is one campaign, day and group of people at one revision; a breakdown not asked for is null',
  version: 1,
  from: { topic: 'metrics', kind: 'ad_demographics' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'platform', 'account_id', 'campaign_id'],
  columns,
  views: [
    currentView('ad_demographics_daily', columns, [
      'tenant_id',
      'date',
      'platform',
      'account_id',
      'campaign_id',
      'age',
      'gender',
      'country',
    ]),
  ],
}
