import { createHash } from 'node:crypto'
import { requestError } from './errors.ts'
import type { ResultRow } from './gaql/row.ts'

/** A token lives about two hours (paging guide of the API). */
const LIFE_US = 2 * 3_600_000_000

/** Results are kept for their next pages; the oldest are forgotten, and made anew when they are asked for. */
const KEPT = 4

interface Token {
  readonly query: string
  readonly at: number
  readonly issued: number
}

/** Cuts results into pages, and tells tokens apart that are good, dead, or of another query. */
export class Pages {
  readonly #now: () => number
  readonly #results = new Map<string, readonly ResultRow[]>()

  /** @param now UTC microseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  /** @param asked account and query @throws ApiFailure: requestError */
  page(
    asked: string,
    token: string | null,
    size: number,
    make: () => readonly ResultRow[],
    repeated: number,
  ): { readonly rows: readonly ResultRow[]; readonly next: string | null; readonly total: number } {
    const query = createHash('sha256').update(asked).digest('base64url').slice(0, 16)
    const { at, issued } = token === null ? { at: 0, issued: this.#now() } : this.#read(token, query)
    const key = `${query} ${issued}`
    let result = token === null ? undefined : this.#results.get(key)
    if (result === undefined) {
      result = make()
      this.#results.delete(key)
      this.#results.set(key, result)
      for (const old of [...this.#results.keys()].slice(0, -KEPT)) this.#results.delete(old)
    }
    const end = at + size
    const next = end < result.length ? encode({ query, at: end, issued }) : null
    if (next === null) this.#results.delete(key)
    return {
      rows: result.slice(Math.max(0, at - (at === 0 ? 0 : repeated)), end),
      next,
      total: result.length,
    }
  }

  #read(text: string, query: string): Token {
    let token: Token
    try {
      token = JSON.parse(Buffer.from(text, 'base64url').toString()) as Token
    } catch {
      throw requestError('INVALID_PAGE_TOKEN', 'Page token is invalid.')
    }
    if (token?.query !== query) throw requestError('INVALID_PAGE_TOKEN', 'Page token is of another query.')
    if (this.#now() > token.issued + LIFE_US)
      throw requestError('EXPIRED_PAGE_TOKEN', 'Page token has expired.')
    return token
  }
}

const encode = (token: Token): string => Buffer.from(JSON.stringify(token)).toString('base64url')
