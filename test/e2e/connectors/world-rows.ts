import type { AdPlatform, AdWorld } from '../../../plugins/simulator/world/port.ts'
import { addDays } from '../../../plugins/sync/index.ts'

export type Rows = readonly Readonly<Record<string, unknown>>[]

/** Accounts and what is in them, as the world has them. */
export function objectsOf(world: AdWorld, platform: AdPlatform): Record<string, Rows> {
  const accounts = world.accounts(platform)
  const campaigns = accounts.flatMap(a => a.campaigns.map(c => ({ a, c })))
  const adsets = campaigns.flatMap(({ a, c }) => c.adsets.map(s => ({ a, c, s })))
  const ads = adsets.flatMap(({ a, c, s }) => s.ads.map(ad => ({ a, c, s, ad })))
  return {
    ad_accounts: accounts.map(({ id, currency, zone }) => ({ account_id: id, currency, zone })),
    campaigns: campaigns.map(({ a, c }) => ({
      ...{ account_id: a.id, campaign_id: c.id, name: c.name, status: c.status },
      budget_micros: c.dailyBudgetMicros,
    })),
    ad_sets: adsets.map(({ a, c, s }) => ({
      ...{ account_id: a.id, campaign_id: c.id, adset_id: s.id, name: s.name, status: s.status },
    })),
    ads: ads.map(({ a, c, s, ad }) => ({
      ...{ account_id: a.id, campaign_id: c.id, adset_id: s.id, ad_id: ad.id, status: ad.status },
    })),
  }
}

/** Groups of people one breakdown at a time, as Google tells them; a group without anything is not told. */
export function groupsOf(
  world: AdWorld,
  platform: AdPlatform,
  { from, to }: { readonly from: string; readonly to: string },
  asOf: number,
): Rows {
  const told: Record<string, unknown>[] = []
  for (const account of world.accounts(platform))
    for (const { id: campaign_id } of account.campaigns)
      for (let date = from; date <= to; date = addDays(date, 1))
        for (const by of ['age', 'gender', 'country'] as const) {
          const sums = new Map<string, number[]>()
          for (const g of world.demographics(platform, campaign_id, date, asOf)) {
            const own = [g.impressions, g.clicks, g.spendMicros, g.revenueMicros, g.conversionsMicros]
            const sum = sums.get(g[by])
            sums.set(g[by], sum ? own.map((n, i) => n + sum[i]!) : own)
          }
          for (const [of, sum] of sums) {
            if (sum.every(n => n === 0)) continue
            const [impressions, clicks, spend_micros, revenue_micros, conversions_micros] = sum
            told.push({
              ...{ account_id: account.id, campaign_id, date, currency: account.currency },
              ...{ age: null, gender: null, country: null, [by]: of },
              ...{ impressions, clicks, spend_micros, revenue_micros, conversions_micros },
            })
          }
        }
  return told
}
