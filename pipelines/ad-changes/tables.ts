import { AdChangeRecord } from '../../plugins/records/ad-change.ts'
import { currentTable } from '../current/table.ts'

export const adChangesTable = currentTable({
  name: 'ad_changes',
  comment: 'One row is one change that somebody made on an ad platform; who it was, is a pseudonym',
  from: { topic: 'entities', kind: 'ad_changes' },
  time: 'changed_at',
  orderBy: ['tenant_id', 'platform', 'account_id', 'entity_id', 'changed_at'],
  record: AdChangeRecord,
  key: ['tenant_id', 'platform', 'account_id', 'change_id'],
})
