import type { Setting } from '../../../plugins/contract.ts'
import { fatalError } from '../../../plugins/errors.ts'
import {
  errors,
  type HttpClient,
  http,
  oauth2,
  only,
  type Page,
  type Position,
} from '../../../plugins/http/index.ts'
import { PositionLost } from '../../../plugins/sync/index.ts'
import type { Settings } from '../settings.ts'
import { type Account, accountOf } from './account.ts'
import { type Envelope, isNotFound, type Json, outcomesOf } from './envelope.ts'
import { judge } from './judge.ts'
import { limitsOf } from './limits.ts'
import { byNextLink } from './link.ts'
import { Structure } from './structure.ts'

/** Rows of a page: 50 to 1000 (platforms.md §0.2). */
const PAGE_ROWS = 1000

/** Speaks to Snapchat's Marketing API, and remembers for one run what every stream asks for. */
export class Snapchat {
  readonly http: HttpClient
  readonly #base: string
  readonly #accounts = new Map<string, Promise<Account | null>>()
  readonly #notice: (message: string) => void
  readonly #structures = new Map<string, Structure>()

  constructor(context: Setting<Settings>) {
    const { client_id, client_secret, refresh_token, token_url, base_url } = context.config
    this.#base = base_url
    this.#notice = context.notice
    this.http = http(
      context,
      base_url,
      ...limitsOf(context.config, context.now),
      oauth2({
        tokenUrl: token_url,
        clientId: client_id,
        clientSecret: client_secret,
        refreshToken: refresh_token,
      }),
      errors(judge),
    )
  }

  /** One object by its path: `campaigns/…`. @throws its error; with code E3003 where there is none */
  async one(path: string, list: string, item: string): Promise<Json> {
    return only(outcomesOf(await this.http.get<Envelope>(path), list, item))
  }

  /** The pages of an account's objects. @throws PositionLost: a page that was remembered is not known any more */
  list(path: string, from: Position | null): AsyncGenerator<Page<Envelope>> {
    return this.pages(path, { limit: PAGE_ROWS }, from)
  }

  async *pages(path: string, query: Json, from: Position | null): AsyncGenerator<Page<Envelope>> {
    const pages = this.http.pages<Envelope>({ path, query }, byNextLink(this.#base), from)
    let isFirst = true
    for (;;) {
      try {
        const { done, value } = await pages.next()
        if (done) return
        isFirst = false
        yield value
      } catch (error) {
        if (isFirst && from !== null && isRefused(error)) throw new PositionLost(`${path}: ${from}`)
        throw error
      }
    }
  }

  /** Null: the platform lists nothing under its id. @throws its error; with code E3003 where it may not be seen */
  account(id: string): Promise<Account | null> {
    let found = this.#accounts.get(id)
    if (!found) {
      found = this.#account(id)
      this.#accounts.set(id, found)
    }
    return found
  }

  async #account(id: string): Promise<Account | null> {
    const body = await this.http.get<Envelope>(`adaccounts/${encodeURIComponent(id)}`)
    const outcomes = outcomesOf(body, 'adaccounts', 'adaccount')
    return outcomes.length === 0 ? null : accountOf(only(outcomes))
  }

  /** Those that the platform lists; of the others is told. */
  async accounts(ids: readonly string[]): Promise<readonly Account[]> {
    const found = await Promise.all(ids.map(id => this.account(id)))
    for (const [index, account] of found.entries())
      if (account === null) this.#notice(`Snapchat lists no ad account ${ids[index]}: nothing is read of it`)
    return found.filter(account => account !== null)
  }

  structure(accountId: string): Structure {
    let found = this.#structures.get(accountId)
    if (!found) {
      found = new Structure(path => this.list(path, null), accountId)
      this.#structures.set(accountId, found)
    }
    return found
  }
}

/** Where somebody asked for one thing by its id. */
export const notThere = (what: string, id: string, error: unknown): unknown =>
  isNotFound(error)
    ? fatalError(`there is no ${what} ${id} that this connection may see`, { cause: error })
    : error

/** The platform refuses a link of before, or the address is another's; what is worth waiting for is neither. */
const isRefused = (error: unknown): boolean =>
  error instanceof RangeError || (error as { kind?: unknown } | null)?.kind === 'fatal'
