import type { Paging } from '../../../plugins/http/index.ts'
import { isObject, type Json } from '../fields.ts'

/** A page of the Graph API. */
export interface List {
  readonly data?: unknown
  readonly paging?: {
    readonly cursors?: { readonly before?: unknown; readonly after?: unknown }
    readonly next?: unknown
  }
}

/** So many pages without a row in a row, each with another behind it, are a list that does not end. */
const MOST_EMPTY = 10

/**
 * Cursors of the Graph API: the last page is the one without `next`. A page may be empty in the middle, and lists
 * were seen that name a next page for ever (facebook-php-business-sdk, issue 333).
 */
export function graphCursor(): Paging {
  let empty = 0
  return {
    at: (ask, position) => (position === null ? ask : { ...ask, query: { ...ask.query, after: position } }),
    next(answer) {
      const { data, paging } = answer.json<List>()
      empty = Array.isArray(data) && data.length > 0 ? 0 : empty + 1
      if (typeof paging?.next !== 'string' || empty >= MOST_EMPTY) return null
      const after = paging.cursors?.after ?? new URL(paging.next).searchParams.get('after')
      return typeof after === 'string' && after !== '' ? after : null
    },
  }
}

/** The rows of a page; null: it has no list. */
export const rowsIn = ({ data }: List): Json[] | null =>
  Array.isArray(data) ? data.map((row: unknown) => (isObject(row) ? row : { row })) : null
