import { ContactRecord } from '../../plugins/records/contact.ts'
import { DealRecord, DealStageRecord } from '../../plugins/records/deal.ts'
import { currentTable } from '../current/table.ts'

export const contactsTable = currentTable({
  name: 'contacts',
  comment: 'One row is one contact or lead of a CRM at one revision; who it is, is a pseudonym',
  from: { topic: 'entities', kind: 'contacts' },
  time: 'updated_at',
  orderBy: ['tenant_id', 'source', 'contact_id'],
  record: ContactRecord,
  key: ['tenant_id', 'source', 'contact_id'],
})

export const dealsTable = currentTable({
  name: 'deals',
  comment: 'One row is one deal or opportunity of a CRM at one revision',
  from: { topic: 'entities', kind: 'deals' },
  time: 'updated_at',
  orderBy: ['tenant_id', 'source', 'deal_id'],
  record: DealRecord,
  key: ['tenant_id', 'source', 'deal_id'],
})

export const dealStagesTable = currentTable({
  name: 'deal_stages',
  comment: 'One row is one stage that a deal has entered',
  from: { topic: 'entities', kind: 'deal_stages' },
  time: 'entered_at',
  orderBy: ['tenant_id', 'source', 'deal_id', 'entered_at'],
  record: DealStageRecord,
  key: ['tenant_id', 'source', 'deal_id', 'stage', 'entered_at'],
})
