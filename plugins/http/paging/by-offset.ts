import { addTo, type Where } from './add-to.ts'
import type { Paging } from './paging.ts'

export interface OffsetPaging {
  readonly limit: number
  readonly param?: string
  readonly limitParam?: string
  readonly where?: Where
  /** Rows of this page. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies are the platform's
  readonly rows: (body: any) => readonly unknown[] | undefined
  /** Rows in all, where the body says; else a page that is not full is the last. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies are the platform's
  readonly total?: (body: any) => number
}

/** A list by the number of rows before a page: GA4's Data API. */
export function byOffset(how: OffsetPaging): Paging {
  const { limit, param = 'offset', limitParam = 'limit', where = 'query', rows, total } = how
  return {
    at: (ask, position) => addTo(ask, where, { [param]: position ?? 0, [limitParam]: limit }),
    next(answer, position) {
      const body = answer.json()
      const read = rows(body)?.length ?? 0
      const offset = Number(position ?? 0) + read
      // A page without rows ends the list, whatever the total says: it would never be reached.
      if (read === 0) return null
      return (total ? offset < total(body) : read === limit) ? offset : null
    },
  }
}
