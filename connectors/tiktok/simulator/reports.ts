import type { Told } from './answer.ts'
import type { Node, Row } from './entities.ts'
import { paged } from './lists.ts'
import type { Asked } from './params.ts'
import type { Platform } from './platform.ts'
import { type ReportQuery, reportQueryOf } from './report-query.ts'
import { rowsOf } from './report-rows.ts'

const CUT_OFF =
  "Number of ad ids is equal or more than 20k, only return the top 20k id's results, sorting by create time desc order."
/** Reports that are kept while their pages are asked for. */
const KEPT = 3

/** `report/integrated/get/`. */
export class Reports {
  readonly #platform: Platform
  readonly #made = new Map<string, readonly Row[]>()

  constructor(platform: Platform) {
    this.#platform = platform
  }

  synchronous(asked: Asked): Told {
    const query = reportQueryOf(asked)
    const all = this.nodes(query)
    const { manyAds = 20_000 } = this.#platform.options
    const isCutOff = query.level === 'ad' && all.length >= manyAds
    const nodes = isCutOff ? all.slice(0, manyAds) : all
    const headers = isCutOff ? { 'X-Tt-Ads-Throttle': CUT_OFF } : undefined
    return paged(this.#platform, asked, this.rows(query, nodes), headers)
  }

  nodes(query: ReportQuery): readonly Node[] {
    const { entities } = this.#platform
    const account = this.#platform.advertiser(query.advertiserId)
    if (query.level === 'advertiser') return entities.of(account.id, 'campaign').slice(0, 1)
    const isIn = (ids: readonly string[] | undefined, id: string | undefined) =>
      ids === undefined || (id !== undefined && ids.includes(id))
    return entities
      .of(account.id, query.level)
      .filter(
        node =>
          (query.withDeleted || !entities.isDeleted(node)) &&
          isIn(query.ids.campaign, node.campaign.id) &&
          isIn(query.ids.adgroup, node.adset?.id) &&
          isIn(query.ids.ad, node.ad?.id),
      )
  }

  /** The same for all pages of a report: it is made once a minute. */
  rows(query: ReportQuery, nodes: readonly Node[], asOf = this.#platform.asOf): readonly Row[] {
    const key = JSON.stringify([query, asOf, nodes.length])
    const known = this.#made.get(key)
    if (known) return known
    const rows = rowsOf(this.#platform, query, nodes, asOf)
    this.#made.set(key, rows)
    for (const old of [...this.#made.keys()].slice(0, -KEPT)) this.#made.delete(old)
    return rows
  }
}
