import { permissionError } from '../../plugins/errors.ts'
import { dayIn } from '../../plugins/sync/index.ts'
import { outOfReach } from './api/advertisers.ts'
import type { TikTokContext } from './settings.ts'
import { reportQuery } from './streams/report-query.ts'

/** Whether the token reaches every advertiser, and may read its structure and its reports: two scopes of an app. */
export async function check({ client, config, now }: TikTokContext): Promise<void> {
  const found = await client.advertisers()
  const lacking = config.advertiser_ids.find(id => !found.some(advertiser => advertiser.id === id))
  if (lacking !== undefined) throw permissionError(outOfReach(lacking))
  for (const advertiser of found) {
    await client.get('campaign/get/', { advertiser_id: advertiser.id, page_size: 1 })
    const today = dayIn(advertiser.zone, now())
    const query = reportQuery.ads(advertiser.id, { from: today, to: today })
    await client.get('report/integrated/get/', { ...query, page_size: 1 })
  }
}
