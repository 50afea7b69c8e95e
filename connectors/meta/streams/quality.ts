import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import { messageOf } from '../../../plugins/errors.ts'
import { MatchQualityRecord } from '../../../plugins/records/match-quality.ts'
import { each, full, type PartSlice } from '../../../plugins/sync/index.ts'
import type { Meta } from '../api/client.ts'
import { isInvalid, notThere } from '../api/trouble.ts'
import type { Context } from '../context.ts'
import { id, isObject, type Json } from '../fields.ts'
import { accountIds, type Settings } from '../settings.ts'
import { readStats, statsFrom } from './pixel-stats.ts'
import { type DatasetQuality, datasetQualityOf, qualityRecords } from './quality-rows.ts'

const HOUR_US = 3_600_000_000
/** The statistics are by hours; Meta gives seven days at most. */
const WINDOW_US = 7 * 24 * HOUR_US

const QUALITY_FIELDS =
  'web{event_name,event_match_quality{composite_score,match_key_feedback{identifier,coverage{percentage}}},event_coverage{percentage}}'

export const matchQuality = sliced({
  title: 'Match quality and statistics of pixels',
  kind: 'match_quality',
  schema: MatchQualityRecord,
  primaryKey: ['pixel_id', 'event_name'],
  cursor: each(null, {
    parts: ({ config }: Context) => config.pixel_ids ?? [],
    key: (pixel: string) => pixel,
    cursor: () => full<Context>(),
  }),
  async *read(context: SliceContext<Settings, Meta, PartSlice<string, null>>) {
    const { client, slice, now, config } = context
    const pixel = slice.part
    const row = await pixelOf(client, pixel)
    const owner = isObject(row.owner_ad_account) ? id(row.owner_ad_account, 'account_id') : null
    const end = Math.floor(now() / HOUR_US) * HOUR_US
    const window = { start: end - WINDOW_US, end }
    const [events, keys] = [
      await readStats(client, pixel, 'event', window),
      await readStats(client, pixel, 'match_keys', window),
    ]
    const scores = await scoresOf(client, pixel)
    const records = qualityRecords(statsFrom(events, keys), scores, {
      pixel,
      account: owner ?? accountIds(config)[0]!,
      window,
      asOf: now(),
    })
    yield { records, next: null }
  },
})

/** The object of a pixel. @throws fatal: there is none */
export const pixelOf = (client: Meta, pixel: string): Promise<Json> =>
  client.app.get<Json>(pixel, { fields: 'id,name,owner_ad_account{account_id}' }).catch((error: unknown) => {
    throw notThere('pixel', pixel, error)
  })

/** Not every version and app has it: who does not goes without a score. */
async function scoresOf(client: Meta, pixel: string): Promise<ReadonlyMap<string, DatasetQuality>> {
  try {
    return datasetQualityOf(
      await client.app.get<Json>('dataset_quality', { dataset_id: pixel, fields: QUALITY_FIELDS }),
    )
  } catch (error) {
    if (!isInvalid(error) && (error as { lack?: unknown }).lack !== 'permission') throw error
    client.notice(`Meta gives no match quality score of pixel ${pixel}: ${messageOf(error)}`)
    return new Map()
  }
}
