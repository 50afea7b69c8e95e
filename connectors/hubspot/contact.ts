import { redactPii } from '../../plugins/privacy/redact.ts'
import type { ContactRecord } from '../../plugins/records/contact.ts'
import { email, phone, type Row, text } from '../../plugins/rows/index.ts'
import type { CrmObject, ObjectKind } from './objects.ts'
import { createdAt, idOf, isArchived, updatedAt } from './record.ts'

/** Click ids that HubSpot keeps itself. */
const CLICK_IDS = { gclid: 'hs_google_click_id', fbclid: 'hs_facebook_click_id' }

/** Fields that say who somebody is: never kept of a row that is rejected. */
export const PERSONAL = ['email', 'phone', 'mobilephone']

export type ClickIds = Readonly<Record<string, string>>

export const contacts = (clickIds: ClickIds): ObjectKind => ({
  path: 'contacts',
  modified: 'lastmodifieddate',
  properties: [
    ...PERSONAL,
    'createdate',
    'lastmodifieddate',
    'lifecyclestage',
    'hubspot_owner_id',
    'hs_analytics_source',
    'hs_analytics_source_data_1',
    'hs_analytics_source_data_2',
    ...new Set(Object.values({ ...CLICK_IDS, ...clickIds })),
  ],
})

export function contactOf(object: CrmObject, clickIds: ClickIds): ContactRecord {
  const { properties: p } = object
  const id = idOf(object)
  const source = text(p, 'hs_analytics_source')
  return {
    contact_id: id,
    email: email(p, 'email'),
    phone: phone(p, 'phone') ?? phone(p, 'mobilephone'),
    created_at: createdAt(object),
    updated_at: updatedAt(object, 'lastmodifieddate'),
    stage: text(p, 'lifecyclestage'),
    owner_id: text(p, 'hubspot_owner_id'),
    lead_source: source,
    campaign: campaignOf(p, source),
    click_ids: Object.fromEntries(
      Object.entries({ ...CLICK_IDS, ...clickIds }).flatMap(([name, property]) => {
        const value = text(p, property)
        return value === null ? [] : [[name, redactPii(value)]]
      }),
    ),
    is_deleted: isArchived(object),
  }
}

/** Which drill-down of the original source holds `utm_campaign` (HubSpot, "Understand source properties"). */
const CAMPAIGN: Readonly<Record<string, string>> = {
  PAID_SEARCH: 'hs_analytics_source_data_1',
  EMAIL_MARKETING: 'hs_analytics_source_data_1',
  OTHER_CAMPAIGNS: 'hs_analytics_source_data_1',
  PAID_SOCIAL: 'hs_analytics_source_data_2',
  SOCIAL_MEDIA: 'hs_analytics_source_data_2',
}

function campaignOf(properties: Row, source: string | null): string | null {
  const field = source === null ? undefined : CAMPAIGN[source]
  const value = field === undefined ? null : text(properties, field)
  return value === null ? null : redactPii(value)
}
