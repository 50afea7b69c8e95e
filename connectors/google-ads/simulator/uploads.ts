import { chance } from '../../../plugins/simulator/random.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'
import { customerName, type Flat } from './objects.ts'
import type { AccountNode } from './tree.ts'

const NAME = 'offline_conversion_upload_client_summary'
const DAYS = 7

/** What became of the conversions that were uploaded through the API: made up from the account's name. */
export function uploadsFlat(node: AccountNode, now: number): Flat {
  const { id, zone } = node.account
  const today = dayIn(zone, now)
  const summaries = Array.from({ length: DAYS }, (_, i) => {
    const date = addDays(today, i - DAYS)
    const random = chance('uploads', id, date)
    const [good, bad, open] = [random.between(50, 400), random.between(0, 20), random.between(0, 15)]
    return { date, good, bad, open }
  })
  const sum = (pick: (day: (typeof summaries)[number]) => number) =>
    summaries.reduce((n, day) => n + pick(day), 0)
  const [good, bad, open] = [sum(d => d.good), sum(d => d.bad), sum(d => d.open)]
  const total = good + bad + open
  return {
    [`${NAME}.resource_name`]: `${customerName(node)}/offlineConversionUploadClientSummaries/GOOGLE_ADS_API`,
    [`${NAME}.client`]: 'GOOGLE_ADS_API',
    [`${NAME}.status`]: bad / total < 0.03 ? 'EXCELLENT' : bad / total < 0.06 ? 'GOOD' : 'NEEDS_ATTENTION',
    [`${NAME}.total_event_count`]: total,
    [`${NAME}.successful_event_count`]: good,
    [`${NAME}.success_rate`]: good / total,
    [`${NAME}.pending_event_count`]: open,
    [`${NAME}.pending_rate`]: open / total,
    [`${NAME}.last_upload_date_time`]: `${addDays(today, -1)} 23:10:00`,
    [`${NAME}.daily_summaries`]: summaries.map(({ date, good, bad, open }) => ({
      successfulCount: String(good),
      failedCount: String(bad),
      pendingCount: String(open),
      uploadDate: date,
    })),
    [`${NAME}.alerts`]: [
      {
        error: { conversionUploadError: 'CLICK_NOT_FOUND' },
        errorPercentage: Math.round((bad / total) * 1e4) / 1e4,
      },
    ],
  }
}
