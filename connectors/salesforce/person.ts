import { redactPii } from '../../plugins/privacy/redact.ts'
import type { ContactRecord } from '../../plugins/records/contact.ts'
import { email, flag, needed, phone, type Row, text, time } from '../../plugins/rows/index.ts'

/** Fields that say who somebody is: never kept of a row that is rejected. */
export const PERSONAL = ['Email', 'Phone', 'MobilePhone']

const FIELDS = [...PERSONAL, 'OwnerId', 'LeadSource', 'CreatedDate', 'SystemModstamp', 'IsDeleted']

/** What is read of leads and contacts; contacts have no status. */
export const PERSON_FIELDS: Readonly<Record<'Lead' | 'Contact', readonly string[]>> = {
  Lead: ['Id', ...FIELDS, 'Status'],
  Contact: ['Id', ...FIELDS],
}

/** A lead or contact. @throws RowError */
export function personOf(row: Row, clickIds: Readonly<Record<string, string>>): ContactRecord {
  return {
    contact_id: needed(text(row, 'Id'), 'Id'),
    email: email(row, 'Email'),
    phone: phone(row, 'Phone') ?? phone(row, 'MobilePhone'),
    created_at: time(row, 'CreatedDate'),
    updated_at: needed(time(row, 'SystemModstamp'), 'SystemModstamp'),
    stage: text(row, 'Status'),
    owner_id: text(row, 'OwnerId'),
    lead_source: text(row, 'LeadSource'),
    campaign: null,
    click_ids: Object.fromEntries(
      Object.entries(clickIds).flatMap(([name, field]) => {
        const value = text(row, field)
        return value === null ? [] : [[name, redactPii(value)]]
      }),
    ),
    is_deleted: flag(row, 'IsDeleted') ?? false,
  }
}
