import { deterministicId } from '../../engine/codec/ids.ts'
import type { ContactRecord } from '../../plugins/records/contact.ts'
import type { Fact } from '../current/said.ts'
import type { EventFact } from '../ingest/facts.ts'
import type { KeyKind } from './model/graph.ts'

/** What somebody is known by. */
export interface Identifier {
  readonly kind: KeyKind
  /** The tenant's own, hashed; no two tenants have the same. */
  readonly key: string
}

type Identifying = Pick<
  EventFact,
  'tenant_id' | 'source' | 'person_key' | 'user_key' | 'email_key' | 'phone_key' | 'click_ids'
>

/** Whether an event says anything of who somebody is beyond the person it is of: most do not. */
export function isIdentifying({
  person_key,
  user_key,
  email_key,
  phone_key,
  click_ids,
}: Identifying): boolean {
  if (person_key === null) return false
  if (user_key !== null || email_key !== null || phone_key !== null) return true
  for (const _ in click_ids) return true
  return false
}

export function identifiersOfEvent(event: Identifying): Identifier[] {
  const { tenant_id: tenant, source, user_key, email_key, phone_key, click_ids } = event
  const found = ofAddresses(tenant, email_key, phone_key, ofClicks(tenant, click_ids))
  if (user_key !== null) found.push(identifier(tenant, 'external_id', source, user_key))
  return found
}

export function identifiersOfContact(contact: Fact<ContactRecord>): Identifier[] {
  const { tenant_id: tenant, click_ids, email, phone, is_deleted } = contact
  return is_deleted ? [] : ofAddresses(tenant, email, phone, ofClicks(tenant, click_ids))
}

/** They are pseudonyms already. */
function ofAddresses(
  tenant: string,
  email: string | null,
  phone: string | null,
  found: Identifier[],
): Identifier[] {
  if (email !== null) found.push(identifier(tenant, 'email', '', email))
  if (phone !== null) found.push(identifier(tenant, 'phone', '', phone))
  return found
}

function ofClicks(tenant: string, clickIds: Readonly<Record<string, string>>): Identifier[] {
  const found: Identifier[] = []
  for (const name in clickIds) found.push(identifier(tenant, 'click_id', name, clickIds[name]!))
  return found
}

/** Lately made: the same people come again. */
const made = new Map<string, Identifier>()
const KEPT = 20_000

function identifier(tenant: string, kind: KeyKind, of: string, value: string): Identifier {
  const name = `${tenant}\x1f${kind}\x1f${of}\x1f${value}`
  let found = made.get(name)
  if (!found) {
    found = { kind, key: deterministicId(name) }
    if (made.size >= KEPT) made.clear()
    made.set(name, found)
  }
  return found
}
