import type { HttpClient, Position } from '../../plugins/http/index.ts'
import { RowError, time } from '../../plugins/rows/index.ts'
import type { TimeSlice } from '../../plugins/sync/index.ts'
import { list } from './lists.ts'
import type { CrmObject, ObjectKind } from './objects.ts'
import { search } from './search.ts'

export interface ChangedPage {
  readonly objects: readonly CrmObject[]
  readonly archived: boolean
  /** They come out of the search index, which gives neither associations nor earlier values. */
  readonly isSearched: boolean
  readonly next: Position | null
}

/** Where a page is: an `after` of a list or the last id of a search; '' for the first page of what was archived. */
type Place = { readonly part: 'live' | 'archived'; readonly after: string }

/**
 * Objects that changed in a slice: first those that are there, then those that were archived. The first slice lists
 * them all; later ones are searched for. What was archived cannot be searched for, so that it is listed each time and
 * left out here where it is older than the slice.
 */
export async function* changed(
  client: HttpClient,
  kind: ObjectKind,
  slice: TimeSlice,
  from: Position | null,
): AsyncGenerator<ChangedPage> {
  const place = from as Place | null
  const since = slice.from
  if (place?.part !== 'archived') {
    const after = place?.after ?? null
    const pages =
      since === null
        ? list(client, kind, false, after)
        : search(client, kind, { from: since, to: slice.to }, after)
    for await (const { body, next } of pages)
      yield {
        objects: body.results,
        archived: false,
        isSearched: since !== null,
        next: next === null ? { part: 'archived', after: '' } : { part: 'live', after: String(next) },
      }
  }
  const after = place?.part === 'archived' && place.after !== '' ? place.after : null
  for await (const { body, next } of list(client, kind, true, after))
    yield {
      objects: body.results.filter(object => since === null || !(archivedAt(object) < since)),
      archived: true,
      isSearched: false,
      next: next === null ? null : { part: 'archived', after: String(next) },
    }
}

/** NaN where it is not said. */
function archivedAt(object: CrmObject): number {
  try {
    return time({ ...object }, 'archivedAt') ?? Number.NaN
  } catch (error) {
    if (error instanceof RowError) return Number.NaN
    throw error
  }
}
