import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { addDays } from '../../../plugins/sync/index.ts'

/** What the platform owes of an ad and day: `ad_report` without what only a reader knows. */
export interface LedgerRow {
  readonly date: string
  readonly account_id: string
  readonly campaign_id: string
  readonly adset_id: string
  readonly ad_id: string
  readonly impressions: number
  readonly clicks: number
  readonly spend_micros: number
  readonly conversions_micros: number
  readonly revenue_micros: number
  readonly currency: string
}

/**
 * The world's own account of its Snapchat ads, day by day (both ends included), as of a time; days without anything
 * are left out. It knows nothing of the API, so that what was read over it can be compared.
 */
export function ledgerOf(world: AdWorld, from: string, to: string, asOf: number): LedgerRow[] {
  const rows: LedgerRow[] = []
  for (const account of world.accounts('snapchat'))
    for (const campaign of account.campaigns)
      for (const adset of campaign.adsets)
        for (const ad of adset.ads)
          for (let date = from; date <= to; date = addDays(date, 1)) {
            const day = world.adDay('snapchat', ad.id, date, asOf)
            if (day === null) continue
            const figures = {
              impressions: day.impressions,
              clicks: day.clicks,
              spend_micros: day.spendMicros,
              conversions_micros: day.conversionsMicros,
              revenue_micros: day.revenueMicros,
            }
            if (Object.values(figures).every(value => value === 0)) continue
            const ids = { account_id: account.id, campaign_id: campaign.id, adset_id: adset.id, ad_id: ad.id }
            rows.push({ date, ...ids, ...figures, currency: account.currency })
          }
  return rows
}
