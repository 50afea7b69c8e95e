import type { Warehouse } from '../../../engine/store/warehouse.ts'

const FIGURES = ['impressions', 'clicks', 'spend_micros', 'conversions_micros', 'revenue_micros'] as const
type Figures = Readonly<Record<(typeof FIGURES)[number], number | null>>

/** What a platform's ledger says of an ad and day, as far as it is compared. */
export interface Owed extends Figures {
  readonly campaign_id: string
  readonly date: string
}

/** Figures of so many rows; what of none is known is null. */
export type Total = Figures & { readonly rows: number }

/** What a ledger comes to, by campaign and day. */
export function owedBy(ledger: readonly Owed[]): Map<string, Total> {
  const owed = new Map<string, Total>()
  for (const row of ledger) {
    const key = `${row.campaign_id} ${row.date}`
    owed.set(key, added(owed.get(key) ?? NONE, { ...row, rows: 1 }))
  }
  return owed
}

/** What is in force of a platform, by campaign and day. */
export async function foundIn(warehouse: Warehouse, platform: string): Promise<Map<string, Total>> {
  // Whole numbers below 2^53: as such they come over JSON, where integers of 64 bits are texts.
  const rows = await warehouse.query<Total & { readonly key: string }>(
    `SELECT concat(campaign_id, ' ', toString(date)) AS key, toUInt32(count()) AS rows,
      toFloat64(sum(impressions)) AS impressions, toFloat64(sum(clicks)) AS clicks,
      toFloat64(sum(ad.spend_micros)) AS spend_micros, toFloat64(sum(ad.revenue_micros)) AS revenue_micros,
      toFloat64(sum(conversions) * 1000000) AS conversions_micros
    FROM stratum.ad_metrics_daily_current AS ad WHERE platform = {platform:String} GROUP BY key`,
    { platform },
  )
  return new Map(rows.map(({ key, ...total }) => [key, total]))
}

/** All in all. */
export const sumOf = (totals: ReadonlyMap<string, Total>): Total => [...totals.values()].reduce(added, NONE)

/** Campaigns and days that are missing, too many, or of other figures. */
export function differences(found: ReadonlyMap<string, Total>, owed: ReadonlyMap<string, Total>): string[] {
  const shown = (total = NONE) => [total.rows, ...FIGURES.map(name => total[name])].join(' ')
  return [...new Set([...found.keys(), ...owed.keys()])].flatMap(key => {
    const [is, wanted] = [shown(found.get(key)), shown(owed.get(key))]
    return is === wanted ? [] : [`${key}: ${is} instead of ${wanted}`]
  })
}

const NONE: Total = {
  rows: 0,
  impressions: null,
  clicks: null,
  spend_micros: null,
  conversions_micros: null,
  revenue_micros: null,
}

const plus = (a: number | null, b: number | null): number | null => (a === null ? b : a + (b ?? 0))

const added = (a: Total, b: Total): Total => ({
  rows: a.rows + b.rows,
  impressions: plus(a.impressions, b.impressions),
  clicks: plus(a.clicks, b.clicks),
  spend_micros: plus(a.spend_micros, b.spend_micros),
  conversions_micros: plus(a.conversions_micros, b.conversions_micros),
  revenue_micros: plus(a.revenue_micros, b.revenue_micros),
})
