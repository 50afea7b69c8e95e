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
  'tenant_id' | 'source' | 'person_key' | 'user_key' | 'click_ids' | 'params'
>

/** Parameters that hold SHA-256 of e-mails and telephone numbers, as Google and Meta name them. */
const HASHED: Readonly<Record<string, KeyKind>> = {
  sha256_email_address: 'email',
  'user_data.sha256_email_address': 'email',
  em: 'email',
  sha256_phone_number: 'phone',
  'user_data.sha256_phone_number': 'phone',
  ph: 'phone',
}
const NAMES = Object.keys(HASHED)
const SHA256 = /^[0-9a-f]{64}$/i

/** Whether an event says anything of who somebody is beyond the person it is of: most do not. */
export function isIdentifying({ person_key, user_key, click_ids, params }: Identifying): boolean {
  if (person_key === null) return false
  if (user_key !== null) return true
  for (const _ in click_ids) return true
  for (const name of NAMES) if (params[name] !== undefined) return true
  return false
}

export function identifiersOfEvent(event: Identifying): Identifier[] {
  const { tenant_id: tenant, source, user_key, click_ids, params } = event
  const found = ofClicks(tenant, click_ids)
  if (user_key !== null) found.push(identifier(tenant, 'external_id', source, user_key))
  for (const name of NAMES) {
    const value = params[name]
    if (value !== undefined && SHA256.test(value))
      found.push(identifier(tenant, HASHED[name]!, 'sha256', value.toLowerCase()))
  }
  return found
}

/** E-mail and telephone are pseudonyms of the tenant and the CRM by now. */
export function identifiersOfContact(contact: Fact<ContactRecord>): Identifier[] {
  const { tenant_id: tenant, source, click_ids, email, phone, is_deleted } = contact
  if (is_deleted) return []
  const found = ofClicks(tenant, click_ids)
  if (email !== null) found.push(identifier(tenant, 'email', source, email))
  if (phone !== null) found.push(identifier(tenant, 'phone', source, phone))
  return found
}

function ofClicks(tenant: string, clickIds: Readonly<Record<string, string>>): Identifier[] {
  const found: Identifier[] = []
  for (const name in clickIds) found.push(identifier(tenant, 'click_id', name, clickIds[name]!))
  return found
}

const identifier = (tenant: string, kind: KeyKind, of: string, value: string): Identifier => ({
  kind,
  key: deterministicId(tenant, kind, of, value),
})
