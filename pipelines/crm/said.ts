import { ContactRecord } from '../../plugins/records/contact.ts'
import { DealRecord, DealStageRecord } from '../../plugins/records/deal.ts'
import { factKind, revisedKind, type Said } from '../current/said.ts'
import { current } from '../current/stage.ts'

/** People and leads of a CRM. */
export const contact: Said<ContactRecord> = {
  kind: 'contact',
  record: ContactRecord,
  key: ['contact_id'],
  asOf: 'updated_at',
}

/** Deals and opportunities. */
export const deal: Said<DealRecord> = {
  kind: 'deal',
  record: DealRecord,
  key: ['deal_id'],
  asOf: 'updated_at',
  currency: 'currency',
}

/** The stages deals went through. */
export const dealStage: Said<DealStageRecord> = {
  kind: 'deal_stage',
  record: DealStageRecord,
  key: ['deal_id', 'stage', 'entered_at'],
  asOf: 'as_of',
}

export const contactKind = factKind(contact)
export const dealKind = factKind(deal)
export const dealStageKind = factKind(dealStage)

export const contactsKind = revisedKind('contacts', contact)
export const dealsKind = revisedKind('deals', deal)
export const dealStagesKind = revisedKind('deal_stages', dealStage)

export const contacts = current({
  name: 'contacts',
  said: contact,
  topic: 'entities',
  kindOf: () => contactsKind,
})
export const deals = current({ name: 'deals', said: deal, topic: 'entities', kindOf: () => dealsKind })
export const dealStages = current({
  name: 'deal-stages',
  said: dealStage,
  topic: 'entities',
  kindOf: () => dealStagesKind,
})
