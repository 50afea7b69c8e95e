import { addTo, type Where } from './add-to.ts'
import type { Paging } from './paging.ts'

export interface CursorPaging {
  /** Name of the parameter that takes it. */
  readonly param: string
  /** In the query, the JSON body or the form (query). */
  readonly where?: Where
  /** The next page's cursor or token, out of the body; null, undefined or '' behind the last. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies are the platform's
  readonly next: (body: any) => string | null | undefined
}

/** A list by an opaque cursor or token that each page gives for the next: Meta `after`, Google `pageToken`. */
export function byCursor({ param, where = 'query', next }: CursorPaging): Paging {
  return {
    at: (ask, position) => (position === null ? ask : addTo(ask, where, { [param]: position })),
    next: answer => next(answer.json()) || null,
  }
}
