import type { HttpClient, Position } from '../../plugins/http/index.ts'
import { email, needed, type Row, text, time } from '../../plugins/rows/index.ts'
import { boolean, type FromSchema, integer, nullable, object, string } from '../../plugins/schema.ts'
import { byAfter } from './lists.ts'
import type { Paged } from './objects.ts'

/** Who deals and contacts belong to: people of the company itself, who are pseudonyms all the same. */
export const OwnerRecord = object({
  owner_id: string(),
  user_id: nullable(string({ description: 'null for an owner who cannot log in' })),
  email: nullable(string({ pseudonymise: true })),
  first_name: nullable(string({ pseudonymise: true })),
  last_name: nullable(string({ pseudonymise: true })),
  created_at: nullable(integer({ description: 'UTC microseconds' })),
  updated_at: nullable(integer({ description: 'UTC microseconds' })),
  is_deleted: boolean(),
})

export type OwnerRecord = FromSchema<typeof OwnerRecord>

export const OWNER_PERSONAL = ['email', 'firstName', 'lastName']

export function ownerOf(row: Row): OwnerRecord {
  return {
    owner_id: needed(text(row, 'id'), 'id'),
    user_id: text(row, 'userId'),
    email: email(row, 'email'),
    first_name: text(row, 'firstName'),
    last_name: text(row, 'lastName'),
    created_at: time(row, 'createdAt'),
    updated_at: time(row, 'updatedAt'),
    is_deleted: row.archived === true,
  }
}

interface Owners extends Paged {
  readonly results: readonly Row[]
}

/** Owners page by page: those that are there, then those that were archived. */
export async function* owners(
  client: HttpClient,
  from: Position | null,
): AsyncGenerator<{ readonly rows: readonly Row[]; readonly next: Position | null }> {
  const place = from as { readonly archived: number; readonly after: string } | null
  for (let archived = place?.archived ?? 0; archived <= 1; archived++) {
    const after = place?.archived === archived && place.after !== '' ? place.after : null
    const ask = { path: 'crm/v3/owners', query: { limit: 100, archived: archived === 1 } }
    for await (const { body, next } of client.pages<Owners>(ask, byAfter, after)) {
      const ended = archived === 0 ? { archived: 1, after: '' } : null
      yield { rows: body.results, next: next === null ? ended : { archived, after: String(next) } }
    }
  }
}
