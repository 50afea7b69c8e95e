import { invalid, ok, type Told } from './answer.ts'
import type { Level, Row } from './entities.ts'
import type { Asked } from './params.ts'
import type { Platform } from './platform.ts'

/** A page of rows with `page_info`, as every list has it. */
export function paged(
  platform: Platform,
  asked: Asked,
  rows: readonly Row[],
  headers?: Told['headers'],
): Told {
  const page = asked.integer('page', 1, 1_000_000)
  const size = Math.min(asked.integer('page_size', 10, 1000), platform.options.pageRows ?? 1000)
  const total = platform.faults.isEmpty ? 0 : rows.length
  const info = { page, page_size: size, total_number: total, total_page: Math.ceil(total / size) }
  return ok({ list: platform.faults.page(rows, page, size), page_info: info }, headers)
}

/** `campaign/get/`, `adgroup/get/`, `ad/get/`. */
export function listOfLevel(level: Level) {
  return (platform: Platform, asked: Asked): Told => {
    const account = platform.advertiser(asked.needed('advertiser_id'))
    const filter = asked.object('filtering') ?? {}
    const status = filter.primary_status ?? 'STATUS_NOT_DELETE'
    if (status !== 'STATUS_ALL' && status !== 'STATUS_NOT_DELETE')
      invalid('filtering.primary_status: Not a valid choice.')
    const ids = { campaign: filter.campaign_ids, adgroup: filter.adgroup_ids, ad: filter.ad_ids }
    for (const [name, list] of Object.entries(ids))
      if (list !== undefined && !(Array.isArray(list) && list.length >= 1 && list.length <= 100))
        invalid(`filtering.${name}_ids: Length must be between 1 and 100.`)
    const has = (list: unknown, id: string | undefined) =>
      list === undefined || (id !== undefined && (list as unknown[]).includes(id))
    const nodes = platform.entities
      .of(account.id, level)
      .filter(node => status === 'STATUS_ALL' || !platform.entities.isDeleted(node))
      .filter(
        node =>
          has(ids.campaign, node.campaign.id) && has(ids.adgroup, node.adset?.id) && has(ids.ad, node.ad?.id),
      )
    const fields = asked.texts('fields')
    return paged(
      platform,
      asked,
      nodes.map(node => picked(platform.entities.row(node), fields)),
    )
  }
}

export function advertiserInfo(platform: Platform, asked: Asked): Told {
  const ids = asked.texts('advertiser_ids') ?? invalid('advertiser_ids: Missing data for required field.')
  if (ids.length < 1 || ids.length > 100) invalid('advertiser_ids: Length must be between 1 and 100.')
  const accounts = ids.map(id => platform.advertiser(id))
  const fields = asked.texts('fields')
  const list = accounts.map(({ id, name, currency, zone }) => {
    const row = {
      advertiser_id: id,
      name,
      currency,
      timezone: zone,
      display_timezone: zone,
      status: 'STATUS_ENABLE',
      role: 'ROLE_ADVERTISER',
      email: 'i***************@**********',
      balance: 10,
    }
    return platform.faults.drifted(picked(row, fields))
  })
  return ok({ list: platform.faults.isEmpty ? [] : list })
}

/** @throws Refusal: a field that there is not */
function picked(row: Row, fields: readonly string[] | null): Row {
  if (fields === null) return row
  const unknown = fields.find(name => !(name in row))
  if (unknown !== undefined) invalid(`fields: ${unknown} is not a valid choice.`)
  return Object.fromEntries(fields.map(name => [name, row[name]]))
}
