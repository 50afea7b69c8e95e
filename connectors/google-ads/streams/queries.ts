import type { GoogleAds } from '../api/client.ts'
import type { Json } from '../api/exact-json.ts'

/** Where a run is within several queries that are read one after the other. */
export interface Place {
  readonly query: number
  /** Of the page; '': the first. */
  readonly token: string
}

export interface QueryPage {
  readonly query: number
  readonly rows: readonly Json[]
  /** The query ends with this page. */
  readonly isLast: boolean
  readonly next: Place | null
}

/** The pages of several queries, from a place on. @throws PositionLost */
export async function* queriesOf(
  client: GoogleAds,
  customer: string,
  queries: readonly string[],
  from: Place | null,
): AsyncGenerator<QueryPage> {
  for (let query = from?.query ?? 0; query < queries.length; query++) {
    const token = query === from?.query && from.token !== '' ? from.token : null
    const after = query + 1 < queries.length ? { query: query + 1, token: '' } : null
    for await (const { rows, next } of client.search(customer, queries[query]!, token))
      yield { query, rows, isLast: next === null, next: next === null ? after : { query, token: next } }
  }
}
