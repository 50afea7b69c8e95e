import { addDays } from '../../engine/clock/days.ts'
import { type CampaignWeeks, noWeeks, takeFigures } from '../../pipelines/allocation/model/weeks.ts'
import { AD_PLATFORMS } from '../../plugins/simulator/world/truth/campaigns.ts'
import { CAMPAIGNS, type Truth, truth } from '../../plugins/simulator/world/truth/index.ts'

/** A campaign of the simulated tenant: what is reported of it, and what is true. */
export interface Known {
  readonly entity: string
  readonly campaign: CampaignWeeks
  /** Revenue that a unit of spend truly brought, and that its platform claims, over all days. */
  readonly caused: number
  readonly claimed: number
  /** Revenue of a week that it truly brought, and that is claimed. Minor units. */
  readonly weekly: number
  readonly weeklyClaimed: number
}

const DAY_US = 86_400_000_000
export const FIRST_DAY = '2026-01-05'
/** As the demo's history, in whole weeks. */
export const WEEKS = 13

/**
 * The campaigns of a shop on the simulated platforms, as they are reported at the end of their history. What a click does
 * is the same however many there are, so the hidden response of each campaign is a straight line.
 */
export function worldOf(seed: number, peopleADay: number): Known[] {
  const world = truth({ firstDay: FIRST_DAY, seed, peopleADay })
  const days = Array.from({ length: WEEKS * 7 }, (_, i) => addDays(FIRST_DAY, i))
  const asOf = Date.parse(`${addDays(FIRST_DAY, WEEKS * 7 + 5)}T00:00:00Z`) * 1000
  const caused = causedBy(world, days)
  return AD_PLATFORMS.flatMap(platform => {
    const [account] = world.ads.accounts(platform)
    return account!.campaigns.map(({ id, name, dailyBudgetMicros }) => {
      const campaign: CampaignWeeks = {
        ...noWeeks(),
        subject: {
          platform,
          level: 'campaign',
          account_id: account!.id,
          campaign_id: id,
          adset_id: null,
          ad_id: null,
        },
        name: `${platform} ${name}`,
        status: 'ACTIVE',
        budget_micros: dailyBudgetMicros,
        budget_kind: 'daily',
        now: asOf - 5 * DAY_US,
      }
      let [spend, revenue] = [0, 0]
      for (const day of days)
        for (const ad of CAMPAIGNS.find(one => one.id === id)!.ads) {
          const told = world.ads.adDay(platform, ad.id, day, asOf)
          if (told === null) continue
          spend += told.spendMicros
          revenue += told.revenueMicros
          takeFigures(campaign, day, null, {
            ...{ impressions: told.impressions, clicks: told.clicks, reach: told.reach, settled: true },
            ...{ spend_micros: told.spendMicros, revenue_micros: told.revenueMicros },
            ...{ conversions_micros: told.conversionsMicros, currency: account!.currency },
          })
        }
      const of = (amount: number) => (spend === 0 ? 0 : amount / spend)
      const entity = `${platform}:${account!.id}:${id}`
      return {
        ...{ entity, campaign, caused: of(caused.get(id) ?? 0), claimed: of(revenue) },
        weekly: (caused.get(id) ?? 0) / 10_000 / WEEKS,
        weeklyClaimed: revenue / 10_000 / WEEKS,
      }
    })
  })
}

function causedBy(world: Truth, days: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const day of days)
    for (const { campaignId, caused } of world.day(day).campaigns)
      found.set(campaignId, (found.get(campaignId) ?? 0) + caused.revenueMicros)
  return found
}
