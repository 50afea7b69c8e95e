import { byCursor, type HttpClient, type Page } from '../../plugins/http/index.ts'
import { type Listed, type ObjectKind, type Paged, pathOf } from './objects.ts'

/** Objects of a page; half as many with earlier values (platforms.md §6.2, and what the API answers to more). */
const LIMIT = 100
const LIMIT_WITH_HISTORY = 50

export const byAfter = byCursor({ param: 'after', next: (body: Paged) => body.paging?.next?.after })

/** All objects of a kind, by ascending id: those that are there, or those that were archived. */
export function list(
  client: HttpClient,
  { history = [], associations = [], ...kind }: ObjectKind,
  archived: boolean,
  from: string | null,
): AsyncGenerator<Page<Listed>> {
  const query = {
    limit: history.length > 0 ? LIMIT_WITH_HISTORY : LIMIT,
    archived,
    properties: kind.properties.join(','),
    propertiesWithHistory: history.length > 0 ? history.join(',') : undefined,
    associations: associations.length > 0 ? associations.join(',') : undefined,
  }
  return client.pages<Listed>({ path: pathOf(kind), query }, byAfter, from)
}
