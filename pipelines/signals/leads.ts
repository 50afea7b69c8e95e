import { dayInUtc } from '../../engine/clock/days.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import type { ContactRecord } from '../../plugins/records/contact.ts'
import type { Fact } from '../current/said.ts'

/** Somebody whom a CRM has made a contact of: a lead, from the moment it was made. */
export type Lead = Fact<ContactRecord>

/** The name that leads have among events. */
export const LEAD = 'lead'

/** A CRM says the same contact again and again: it is a lead once. Needs a set `leads`. */
export function isNewLead(lead: Lead, ctx: StageContext): boolean {
  const { created_at: at, is_deleted, tenant_id, source, contact_id, ingest_time } = lead
  if (at === null || is_deleted) return false
  return ctx.first('leads', [tenant_id, source], dayInUtc(at), contact_id, ingest_time) === 'new'
}
