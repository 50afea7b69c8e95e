import type { HttpClient, Page, Paging } from '../../plugins/http/index.ts'
import type { TimeSlice } from '../../plugins/sync/index.ts'
import { type Listed, type ObjectKind, pathOf } from './objects.ts'

const LIMIT = 200

/**
 * Objects that changed in a slice, by ascending id. A search ends at 10,000 results, and its pages are counted from
 * the first: an object that changes meanwhile leaves the slice and shifts all behind it. So that none is lost each
 * page is a search of its own, for ids above the last one; whatever changes meanwhile belongs to the next slice.
 * @param from the id behind which it goes on; null: from the first
 */
export function search(
  client: HttpClient,
  kind: ObjectKind,
  { from: since, to }: TimeSlice & { readonly from: number },
  from: string | null,
): AsyncGenerator<Page<Listed>> {
  const within = [
    { propertyName: kind.modified, operator: 'GTE', value: String(Math.floor(since / 1000)) },
    { propertyName: kind.modified, operator: 'LTE', value: String(Math.floor(to / 1000)) },
  ]
  const ask = {
    path: pathOf(kind, '/search'),
    json: {
      filterGroups: [{ filters: within }],
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
      properties: kind.properties,
      limit: LIMIT,
    },
    // It changes nothing.
    idempotent: true,
  }
  return client.pages<Listed>(ask, byId(within), from)
}

function byId(within: readonly object[]): Paging {
  return {
    at(ask, position) {
      if (position === null) return ask
      const behind = { propertyName: 'hs_object_id', operator: 'GT', value: String(position) }
      const filterGroups = [{ filters: [...within, behind] }]
      return { ...ask, json: { ...(ask.json as object), filterGroups } }
    },
    next(answer) {
      const { results, paging } = answer.json<Listed>()
      return paging?.next ? (results.at(-1)?.id ?? null) : null
    },
  }
}
