import type { AdFigures, AdWorld } from '../../../plugins/simulator/world/port.ts'
import { addDays } from '../../../plugins/sync/index.ts'
import type { GoogleAdsOptions } from './options.ts'

/** What the platform owes of an ad (or a campaign that has none) and day: `ad_report` without what only a reader knows. */
export interface LedgerRow {
  readonly date: string
  readonly account_id: string
  readonly campaign_id: string
  readonly adset_id: string | null
  readonly ad_id: string | null
  readonly impressions: number
  readonly clicks: number
  readonly spend_micros: number
  readonly conversions_micros: number
  readonly revenue_micros: number
  readonly currency: string
}

/**
 * The world's own account of its Google ads, day by day (both ends included), as of a time; days without anything are
 * left out. It knows nothing of the API, so that what was read over it can be compared.
 */
export function ledgerOf(
  { world, isPerformanceMax }: Pick<GoogleAdsOptions, 'world' | 'isPerformanceMax'>,
  from: string,
  to: string,
  asOf: number,
): LedgerRow[] {
  const rows: LedgerRow[] = []
  for (const account of world.accounts('google'))
    for (const [index, campaign] of account.campaigns.entries()) {
      const ads = campaign.adsets.flatMap(adset =>
        adset.ads.map(ad => ({ adset_id: adset.id, ad_id: ad.id })),
      )
      const isWhole = isPerformanceMax?.(campaign, index) ?? false
      for (let date = from; date <= to; date = addDays(date, 1)) {
        const common = { date, account_id: account.id, campaign_id: campaign.id, currency: account.currency }
        const days = ads.map(ids => ({ ids, day: figures(world, ids.ad_id, date, asOf) }))
        const told = isWhole
          ? [{ ids: { adset_id: null, ad_id: null }, day: sum(days.map(d => d.day)) }]
          : days
        for (const { ids, day } of told)
          if (Object.values(day).some(value => value !== 0)) rows.push({ ...common, ...ids, ...day })
      }
    }
  return rows
}

type Figures = Pick<
  LedgerRow,
  'impressions' | 'clicks' | 'spend_micros' | 'conversions_micros' | 'revenue_micros'
>

const figuresOf = (day: AdFigures | null): Figures => ({
  impressions: day?.impressions ?? 0,
  clicks: day?.clicks ?? 0,
  spend_micros: day?.spendMicros ?? 0,
  conversions_micros: day?.conversionsMicros ?? 0,
  revenue_micros: day?.revenueMicros ?? 0,
})

const figures = (world: AdWorld, ad: string, day: string, asOf: number): Figures =>
  figuresOf(world.adDay('google', ad, day, asOf))

const sum = (days: readonly Figures[]): Figures =>
  days.reduce(
    (a, b) => ({
      impressions: a.impressions + b.impressions,
      clicks: a.clicks + b.clicks,
      spend_micros: a.spend_micros + b.spend_micros,
      conversions_micros: a.conversions_micros + b.conversions_micros,
      revenue_micros: a.revenue_micros + b.revenue_micros,
    }),
    figuresOf(null),
  )
