import type { Setting } from '../../../plugins/contract.ts'
import { fatalError } from '../../../plugins/errors.ts'
import { errors, type HttpClient, header, http, oauth2, type Part } from '../../../plugins/http/index.ts'
import { PositionLost } from '../../../plugins/sync/index.ts'
import { bare, customerIds, type Settings } from '../settings.ts'
import { CUSTOMER_QUERY, type Customer, customerOf } from './customer.ts'
import { bodyOf, isObject, type Json } from './exact-json.ts'
import { coded, codeOf, failureOf } from './failure.ts'
import { judgeBy, meaningOf } from './judge.ts'
import { limitsOf } from './limits.ts'

/** Rows of one page, and the token of the next (null behind the last). */
export interface RowsPage {
  readonly rows: readonly Json[]
  readonly next: string | null
}

/** Tokens live about two hours, and only for the query they were given for. */
const LOST = new Set(['requestError.EXPIRED_PAGE_TOKEN', 'requestError.INVALID_PAGE_TOKEN'])

/** Speaks to the Google Ads API in its REST shape, and remembers for one run what every stream asks for. */
export class GoogleAds {
  readonly http: HttpClient
  readonly #settings: Settings
  readonly #customers = new Map<string, Promise<Customer>>()
  #countries: Promise<ReadonlyMap<string, string>> | null = null

  constructor(context: Setting<Settings>) {
    const {
      developer_token,
      client_id,
      client_secret,
      refresh_token,
      login_customer_id,
      token_url,
      base_url,
    } = context.config
    this.#settings = context.config
    this.http = http(
      context,
      base_url,
      limitsOf(context.config),
      oauth2({
        tokenUrl: token_url,
        clientId: client_id,
        clientSecret: client_secret,
        refreshToken: refresh_token,
      }),
      header('developer-token', developer_token),
      ...(login_customer_id === undefined ? [] : [through(bare(login_customer_id))]),
      errors(judgeBy(context.config)),
    )
  }

  /**
   * The rows of a query, page by page, from a page's token on. Pages behind the first are free of charge.
   * @throws PositionLost: the token is not known any more
   */
  async *search(customer: string, query: string, from: string | null = null): AsyncGenerator<RowsPage> {
    let token = from
    for (;;) {
      const next = await this.#page(customer, query, token)
      if (next.next !== null && next.next === token)
        throw fatalError(`the page of '${query}' is followed by itself`)
      yield next
      if (next.next === null) return
      token = next.next
    }
  }

  async #page(customer: string, query: string, token: string | null): Promise<RowsPage> {
    try {
      const answer = await this.http.ask({
        method: 'POST',
        path: `customers/${customer}/googleAds:search`,
        json: { query, ...(token === null ? {} : { pageToken: token }) },
        cost: token === null ? 1 : 0,
        idempotent: true,
      })
      const body = bodyOf(answer)
      if (!isObject(body)) throw fatalError(`the answer to '${query}' is no object`)
      const { nextPageToken } = body
      return {
        rows: rowsIn(body),
        next: typeof nextPageToken === 'string' && nextPageToken !== '' ? nextPageToken : null,
      }
    } catch (error) {
      if (token !== null && LOST.has(codeOf(error) ?? ''))
        throw new PositionLost(String((error as Error).message))
      throw error
    }
  }

  /** All rows of a query that has few. */
  async all(customer: string, query: string): Promise<Json[]> {
    const rows: Json[] = []
    for await (const page of this.search(customer, query)) rows.push(...page.rows)
    return rows
  }

  /** All rows of a query in one answer: `googleAds:searchStream`, a list of chunks. */
  async stream(customer: string, query: string): Promise<Json[]> {
    const answer = await this.http.ask({
      method: 'POST',
      path: `customers/${customer}/googleAds:searchStream`,
      json: { query },
      idempotent: true,
    })
    const body = bodyOf(answer)
    return (Array.isArray(body) ? body : [body]).filter(isObject).flatMap(rowsIn)
  }

  /**
   * Updates one thing; only the fields of the mask. Written again it is the same.
   * @param service `campaignBudgets` @param mask `amount_micros` @throws what the platform refuses
   */
  async update(customer: string, service: string, update: Json, mask: string): Promise<void> {
    const answer = await this.http.ask({
      method: 'POST',
      path: `customers/${customer}/${service}:mutate`,
      json: { operations: [{ update, updateMask: mask }] },
      idempotent: true,
    })
    const body = bodyOf(answer)
    if (!isObject(body) || !isObject(body.partialFailureError)) return
    const failure = failureOf(body.partialFailureError)
    throw coded(meaningOf(failure, this.#settings), failure)
  }

  /** Resource names of the accounts that the user has direct access to. */
  async accessible(): Promise<string[]> {
    // Without the dot it would be an address of the scheme customers.
    const body = await this.http.get<{ resourceNames?: unknown }>('./customers:listAccessibleCustomers')
    const names = Array.isArray(body.resourceNames) ? body.resourceNames : []
    return names.map(name => String(name).replace(/^customers\//, ''))
  }

  customer(id: string): Promise<Customer> {
    let found = this.#customers.get(id)
    if (!found) {
      found = this.all(id, `${CUSTOMER_QUERY} LIMIT 1`).then(([row]) => customerOf(id, row))
      this.#customers.set(id, found)
    }
    return found
  }

  customers(): Promise<readonly Customer[]> {
    return Promise.all(customerIds(this.#settings).map(id => this.customer(id)))
  }

  /** ISO 3166 alpha-2 of a country by the number of its geo target. */
  countries(customer: string): Promise<ReadonlyMap<string, string>> {
    this.#countries ??= this.all(
      customer,
      "SELECT geo_target_constant.id, geo_target_constant.country_code FROM geo_target_constant WHERE geo_target_constant.target_type = 'Country'",
    ).then(rows => {
      const targets = rows.map(row => row.geoTargetConstant).filter(isObject)
      return new Map(targets.map(({ id, countryCode }) => [String(id), String(countryCode)]))
    })
    return this.#countries
  }
}

/** Proto3 JSON leaves out an empty list. */
const rowsIn = ({ results }: Json): readonly Json[] =>
  Array.isArray(results) ? results.filter(isObject) : []

const through = (manager: string): Part => ({
  prepare({ headers }) {
    headers['login-customer-id'] = manager
  },
})
