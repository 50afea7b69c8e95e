import type { Setting } from '../../../plugins/contract.ts'
import {
  appSecretProof,
  bearer,
  budget,
  errors,
  type HttpClient,
  hours,
  http,
  type Page,
  type Part,
  patience,
  type Query,
} from '../../../plugins/http/index.ts'
import { PositionLost } from '../../../plugins/sync/index.ts'
import type { Json } from '../fields.ts'
import { accountIds, type Settings } from '../settings.ts'
import { ACCOUNT_FIELDS, type Account, accountOf } from './account.ts'
import { judgeBy } from './judge.ts'
import { blockMs, limitsOf } from './limits.ts'
import { graphCursor, type List } from './paging.ts'
import { isInvalid, isTooMuch } from './trouble.ts'
import { usageOf } from './usage.ts'

/** Longer waits are left to the harness, which holds nothing open meanwhile. Milliseconds. */
const MOST_WAIT_MS = 30_000
const LEAST_ROWS = 10

/** Calls that belong to no account: an app may make 200 an hour for each of its users. */
const APP_CALLS = 200

/** Speaks to the Graph API, and remembers for one run what every stream asks for. */
export class Meta {
  /** For what belongs to no ad account: the token itself, pixels. */
  readonly app: HttpClient
  readonly #context: Setting<Settings>
  readonly #clients = new Map<string, HttpClient>()
  readonly #accounts = new Map<string, Promise<Account>>()
  readonly #told = new Set<string>()

  constructor(context: Setting<Settings>) {
    this.#context = context
    const key = `meta/app of act_${accountIds(context.config)[0]}`
    this.app = this.#client(null, [budget({ key, limits: [{ calls: APP_CALLS, perMs: hours(1) }] })])
  }

  /** For what belongs to an ad account: its limits are its own. */
  of(account: string): HttpClient {
    let found = this.#clients.get(account)
    if (!found) {
      found = this.#client(account, limitsOf(account, this.#context.config.access_tier))
      this.#clients.set(account, found)
    }
    return found
  }

  account(id: string): Promise<Account> {
    let found = this.#accounts.get(id)
    if (!found) {
      found = this.of(id)
        .get<Json>(`act_${id}`, { fields: ACCOUNT_FIELDS })
        .then(row => accountOf(id, row))
      this.#accounts.set(id, found)
    }
    return found
  }

  accounts(): Promise<readonly Account[]> {
    return Promise.all(accountIds(this.#context.config).map(id => this.account(id)))
  }

  /**
   * The pages of an account's list from a cursor on. Where Meta finds a page too large, it is asked for with half as
   * many rows.
   * @throws PositionLost: a cursor that was remembered is not known any more
   */
  async *pages(
    account: string,
    path: string,
    query: Query,
    { from, rows }: { readonly from: string | null; readonly rows: number },
  ): AsyncGenerator<Page<List>> {
    let at: string | null = from
    let limit = rows
    for (;;)
      try {
        const ask = { path, query: { ...query, limit } }
        for await (const page of this.of(account).pages<List>(ask, graphCursor(), at)) {
          at = page.next as string | null
          yield page
        }
        return
      } catch (error) {
        if (isTooMuch(error) && limit > LEAST_ROWS) limit = Math.max(LEAST_ROWS, Math.ceil(limit / 2))
        else if (at !== null && at === from && isInvalid(error)) throw new PositionLost(`${path}: ${from}`)
        else throw error
      }
  }

  /** Says something once a run. */
  notice(message: string): void {
    if (this.#told.has(message)) return
    this.#told.add(message)
    this.#context.notice(message)
  }

  #client(account: string | null, limits: readonly Part[]): HttpClient {
    const { access_token, app_secret, access_tier, base_url } = this.#context.config
    const waitOf = (answer: Parameters<typeof usageOf>[0]) => usageOf(answer, account).waitMs
    return http(
      this.#context,
      base_url,
      ...limits,
      bearer(access_token),
      ...(app_secret === undefined ? [] : [appSecretProof(app_secret, access_token)]),
      errors(judgeBy(waitOf, blockMs(access_tier))),
      patience({ maxMs: MOST_WAIT_MS }),
    )
  }
}
