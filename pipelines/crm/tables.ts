import { currentView, type TableSpec } from '../../engine/sink/table.ts'
import { ContactRecord } from '../../plugins/records/contact.ts'
import { DealRecord, DealStageRecord } from '../../plugins/records/deal.ts'
import { columnsOf } from '../current/columns.ts'

const contactColumns = columnsOf(ContactRecord)
const dealColumns = columnsOf(DealRecord)
const stageColumns = columnsOf(DealStageRecord)

export const contactsTable: TableSpec = {
  name: 'contacts',
  comment: 'One row is one contact or lead of a CRM at one revision; who it is, is a pseudonym',
  version: 1,
  from: { topic: 'entities', kind: 'contacts' },
  time: 'updated_at',
  orderBy: ['tenant_id', 'source', 'contact_id'],
  columns: contactColumns,
  views: [currentView('contacts', contactColumns, ['tenant_id', 'source', 'contact_id'])],
}

export const dealsTable: TableSpec = {
  name: 'deals',
  comment: 'One row is one deal or opportunity of a CRM at one revision',
  version: 1,
  from: { topic: 'entities', kind: 'deals' },
  time: 'updated_at',
  orderBy: ['tenant_id', 'source', 'deal_id'],
  columns: dealColumns,
  views: [currentView('deals', dealColumns, ['tenant_id', 'source', 'deal_id'])],
}

export const dealStagesTable: TableSpec = {
  name: 'deal_stages',
  comment: 'One row is one stage that a deal has entered',
  version: 1,
  from: { topic: 'entities', kind: 'deal_stages' },
  time: 'entered_at',
  orderBy: ['tenant_id', 'source', 'deal_id', 'entered_at'],
  columns: stageColumns,
  views: [
    currentView('deal_stages', stageColumns, ['tenant_id', 'source', 'deal_id', 'stage', 'entered_at']),
  ],
}
