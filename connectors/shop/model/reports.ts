import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { ADS, type Ad, PLATFORMS } from './catalogue.ts'
import { randomAt } from './random.ts'
import { DAY, MINUTE, type Traffic, visitsOf } from './session.ts'

/** What an ad truly brought on a day, until an instant. */
export interface Brought {
  visits: number
  purchases: number
  value: number
}

/** By ad id: visits that began on the day up to `until`, and what they bought by then. */
export function broughtOn(traffic: Traffic, day: number, until: number): Map<string, Brought> {
  const found = new Map<string, Brought>(ADS.map(ad => [ad.id, { visits: 0, purchases: 0, value: 0 }]))
  for (let minute = day; minute < day + DAY && minute <= until; minute += MINUTE)
    for (const { ad, startedAt, steps } of visitsOf(traffic, minute)) {
      if (ad === null || startedAt > until) continue
      const sums = found.get(ad.id)!
      sums.visits++
      for (const step of steps) {
        if (step.name !== 'purchase' || step.at > until) continue
        sums.purchases++
        sums.value += step.value!
      }
    }
  return found
}

/** Platforms find conversions for days; after the last one of these they change a day no more. */
export const RESTATED_AFTER_DAYS = [1, 3, 7] as const
const KNOWN_BY_THEN = [0.86, 0.96, 1] as const
const KNOWN_TODAY = 0.7

/** The reports of a day as the platforms give them at an instant. `age`: index into RESTATED_AFTER_DAYS, -1 for today. */
export function reportsOf(
  traffic: Traffic,
  currency: string,
  day: number,
  at: number,
  age: number,
): AdReportRecord[] {
  const brought = broughtOn(traffic, day, Math.min(at, day + DAY + 60 * MINUTE))
  return ADS.map(ad => report(traffic.seed, ad, brought.get(ad.id)!, currency, day, at, age))
}

function report(
  seed: string,
  ad: Ad,
  brought: Brought,
  currency: string,
  day: number,
  at: number,
  age: number,
): AdReportRecord {
  const date = new Date(day / 1000).toISOString().slice(0, 10)
  const random = randomAt(seed, 'report', ad.id, date)
  // Some who click never arrive: ad blockers, impatience, no consent.
  const clicks = Math.round(brought.visits * (1.12 + random() * 0.16))
  const impressions = Math.round(clicks / (ad.ctr * (0.85 + random() * 0.3)))
  const known = age < 0 ? KNOWN_TODAY : KNOWN_BY_THEN[age]!
  const claimed = PLATFORMS[ad.platform].claim * known
  // Only Google counts in fractions.
  const unit = ad.platform === 'google' ? 10_000 : 1_000_000
  return {
    platform: ad.platform,
    date,
    account_id: ad.account,
    campaign_id: `${ad.platform}-${ad.campaign}`,
    adset_id: `${ad.platform}-${ad.adset}`,
    ad_id: ad.id,
    impressions,
    clicks,
    spend_micros: clicks * Math.round(ad.costPerClick * (0.9 + random() * 0.2)),
    revenue_micros: Math.round(brought.value * claimed),
    currency,
    conversions_micros: Math.round((brought.purchases * claimed * 1_000_000) / unit) * unit,
    reach: Math.round(impressions / 1.6),
    settled: age === RESTATED_AFTER_DAYS.length - 1,
    as_of: at,
  }
}
