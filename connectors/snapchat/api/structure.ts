import { type Page, part } from '../../../plugins/http/index.ts'
import { type Envelope, type Json, outcomesOf } from './envelope.ts'

type List = (path: string) => AsyncIterable<Page<Envelope>>

/** What of an account belongs to what; each list is read once, when it is asked for. */
export class Structure {
  readonly #list: List
  readonly #accountId: string
  #campaigns: Promise<readonly string[]> | null = null
  #adsets: Promise<ReadonlyMap<string, string>> | null = null
  #ads: Promise<ReadonlyMap<string, string>> | null = null
  #refused = 0

  constructor(list: List, accountId: string) {
    this.#list = list
    this.#accountId = accountId
  }

  /** Ids of the campaigns, in an order that does not change when others are added. */
  campaigns(): Promise<readonly string[]> {
    this.#campaigns ??= this.#read('campaigns', 'campaign').then(rows => {
      const ids = rows.map(({ id }) => id).filter(id => typeof id === 'string')
      return [...new Set(ids)].sort()
    })
    return this.#campaigns
  }

  /** Campaign by ad squad. */
  adsets(): Promise<ReadonlyMap<string, string>> {
    this.#adsets ??= this.#read('adsquads', 'adsquad').then(rows => pairs(rows, 'campaign_id'))
    return this.#adsets
  }

  /** Ad squad by ad. */
  ads(): Promise<ReadonlyMap<string, string>> {
    this.#ads ??= this.#read('ads', 'ad').then(rows => pairs(rows, 'ad_squad_id'))
    return this.#ads
  }

  /** Entries that the platform refused to list since this was asked last: what is of them cannot be read. */
  takeRefused(): number {
    const refused = this.#refused
    this.#refused = 0
    return refused
  }

  async #read(list: string, item: string): Promise<Json[]> {
    const rows: Json[] = []
    for await (const page of this.#list(`adaccounts/${encodeURIComponent(this.#accountId)}/${list}`)) {
      const { done, failed } = part(outcomesOf(page.body, list, item))
      for (const { id, campaign_id, ad_squad_id } of done) rows.push({ id, campaign_id, ad_squad_id })
      this.#refused += failed.length
    }
    return rows
  }
}

function pairs(rows: readonly Json[], parent: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const { id, [parent]: up } of rows)
    if (typeof id === 'string' && typeof up === 'string') found.set(id, up)
  return found
}
