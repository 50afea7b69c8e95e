import type { HttpClient } from '../../plugins/http/index.ts'
import { type Row, text, time } from '../../plugins/rows/index.ts'
import { API } from './client.ts'

/** Ids of a query: its address must stay below 16,384 characters. */
const CHUNK = 400
const ID = /^[A-Za-z0-9]{15,18}$/

interface Queried {
  readonly records: readonly Row[]
  readonly done: boolean
  readonly nextRecordsUrl?: string
}

/** The contacts of an opportunity, the primary one first; when the last of these roles changed, UTC microseconds. */
export interface Roles {
  readonly contacts: readonly string[]
  readonly changedAt: number
}

export const NO_ROLES: Roles = { contacts: [], changedAt: 0 }

/** The roles in opportunities, by the opportunity's id. */
export async function rolesOf(client: HttpClient, ids: readonly string[]): Promise<Map<string, Roles>> {
  const found = new Map<string, Roles>()
  const known = ids.filter(id => ID.test(id))
  for (let i = 0; i < known.length; i += CHUNK) {
    const some = known.slice(i, i + CHUNK).map(id => `'${id}'`)
    let page = await client.get<Queried>(`${API}/query`, {
      q: `${QUERY} (${some.join(',')}) ORDER BY IsPrimary DESC, Id`,
    })
    for (;;) {
      for (const row of page.records) add(found, row)
      if (page.done || page.nextRecordsUrl === undefined) break
      page = await client.get<Queried>(page.nextRecordsUrl)
    }
  }
  return found
}

const QUERY =
  'SELECT OpportunityId, ContactId, SystemModstamp FROM OpportunityContactRole WHERE OpportunityId IN'

function add(found: Map<string, Roles>, row: Row): void {
  const [deal, contact] = [text(row, 'OpportunityId'), text(row, 'ContactId')]
  if (deal === null || contact === null) return
  const { contacts, changedAt } = found.get(deal) ?? NO_ROLES
  found.set(deal, {
    contacts: contacts.includes(contact) ? contacts : [...contacts, contact],
    changedAt: Math.max(changedAt, time(row, 'SystemModstamp') ?? 0),
  })
}
