import { AdDemographicRecord } from '../../plugins/records/ad-demographic.ts'
import { currentTable } from '../current/table.ts'

export const adDemographicsTable = currentTable({
  name: 'ad_demographics_daily',
  comment:
    'One row is one campaign, day and group of people at one revision; a breakdown not asked for is null',
  from: { topic: 'metrics', kind: 'ad_demographics' },
  time: 'date',
  orderBy: ['tenant_id', 'date', 'platform', 'account_id', 'campaign_id'],
  record: AdDemographicRecord,
  key: ['tenant_id', 'date', 'platform', 'account_id', 'campaign_id', 'age', 'gender', 'country'],
})
