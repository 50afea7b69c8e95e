import type { Fact } from '../../../pipelines/current/said.ts'
import { type IdentityEvent, identityEventKind } from '../../../pipelines/identity/kinds.ts'
import { type PersonLink, personLinkKind } from '../../../pipelines/identity/person-link.ts'
import { addressKeys } from '../../../pipelines/ingest/address-keys.ts'
import type { ContactRecord } from '../../../plugins/records/contact.ts'
import { event, noon, told } from '../facts.ts'
import type { Row, Told } from '../row.ts'

let n = 0

/** Somebody was seen on the site at a minute, with a login, clicks and hashed addresses. */
export const seen = (
  person: string,
  minute: number,
  {
    id = null,
    ...more
  }: { id?: string | null; clicks?: Record<string, string>; params?: Record<string, string> },
): Told =>
  told.event(
    event({
      event_id: `seen ${String(++n).padStart(6, '0')}`,
      event_time: noon(minute),
      person_key: person,
      user_key: id,
      click_ids: more.clicks ?? {},
      ...addressKeys('demo', more.params ?? {}),
    }),
  )

/** What a CRM says of a contact, at a minute. */
export const contact = (id: string, minute: number, fields: Partial<Fact<ContactRecord>> = {}): Told => {
  const value: Fact<ContactRecord> = {
    tenant_id: 'demo',
    event_id: `contact ${String(++n).padStart(6, '0')}`,
    event_time: noon(minute),
    ingest_time: noon(600),
    source: 'hubspot',
    contact_id: id,
    email: null,
    phone: null,
    created_at: noon(),
    updated_at: noon(minute),
    stage: null,
    owner_id: null,
    lead_source: null,
    campaign: null,
    click_ids: {},
    is_deleted: false,
    ...fields,
  }
  return { kind: 'contact', value: { ...value } }
}

export const crm = (id: string): string => `contact:hubspot:${id}`

/** What a row has written of edges, in short. */
export const eventsOf = (row: Row): string[] =>
  row
    .of<IdentityEvent>(identityEventKind)
    .map(
      e =>
        `${e.kind} ${e.person_key} ${e.key_kind}${e.other_person_key === null ? '' : ` ${e.other_person_key}`}${e.reason === null ? '' : `: ${e.reason}`}`,
    )

/** Who is taken for whom by the latest links of a topic; who stands for itself is left out. */
export function linksOf(row: Row, topic = 'identity'): Record<string, string> {
  const links: Record<string, PersonLink> = {}
  for (const written of row.written) {
    if (written.topic !== topic || written.kind !== personLinkKind.name) continue
    const link = written.value as unknown as PersonLink
    const before = links[link.person_key]
    if (before && link.revision !== before.revision + 1)
      throw new Error(`${link.person_key}: a revision is missing`)
    links[link.person_key] = link
  }
  const joined = Object.values(links).filter(link => link.resolved_key !== link.person_key)
  return Object.fromEntries(joined.map(link => [link.person_key, link.resolved_key]).sort())
}

/** The hash by which an identifier goes in what was written last of it. */
export function hashOf(row: Row, person: string, kind: string): string {
  const found = row
    .of<IdentityEvent>(identityEventKind)
    .findLast(e => e.person_key === person && e.key_kind === kind)
  if (!found) throw new Error(`${person} has no ${kind}`)
  return found.key_hash
}
