import { addTo, type Where } from './add-to.ts'
import type { Paging } from './paging.ts'

export interface PagePaging {
  readonly size: number
  /** Names of the parameters (`page`, `page_size`). */
  readonly param?: string
  readonly sizeParam?: string
  readonly where?: Where
  /** Number of the first page (1). */
  readonly first?: number
  /** How many pages there are, as the body says. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies are the platform's
  readonly pages: (body: any) => number
  /**
   * Pages under way at once (1): so many as the platform allows in the time that an answer takes, so that calls wait
   * for its limit and not for each other. Their answers are in memory.
   */
  readonly inFlight?: number
}

/** A list by page numbers: TikTok. */
export function byPage(how: PagePaging): Paging {
  const {
    size,
    param = 'page',
    sizeParam = 'page_size',
    where = 'query',
    first = 1,
    inFlight = 1,
    pages,
  } = how
  return {
    at: (ask, position) => addTo(ask, where, { [param]: position ?? first, [sizeParam]: size }),
    next(answer, position) {
      const page = Number(position ?? first)
      return page - first + 1 < pages(answer.json()) ? page + 1 : null
    },
    ahead(answer, position) {
      const page = Number(position ?? first)
      const left = pages(answer.json()) - (page - first + 1)
      return Array.from({ length: Math.max(0, Math.min(inFlight, left)) }, (_, i) => page + 1 + i)
    },
  }
}
