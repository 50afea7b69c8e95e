import { addDays, startOfDay } from '../../../sync/days.ts'
import { chance } from '../../random.ts'
import { byGroups } from '../demographics.ts'
import type { AdAccount, AdFigures, AdPlatform, AdWorld } from '../port.ts'
import type { AdDay } from './ad-days.ts'
import { boundsOf, shareOver } from './calendar.ts'
import { CAMPAIGNS, type Campaign, PLATFORMS } from './campaigns.ts'
import { type TruthOptions, USUAL_PEOPLE } from './options.ts'

/** Of `GROUPS`, by platform. */
const GROUP_WEIGHTS: Readonly<Record<AdPlatform, readonly number[]>> = {
  meta: [14, 30, 24, 20, 12],
  google: [10, 22, 26, 24, 18],
  tiktok: [42, 26, 20, 8, 4],
  snapchat: [46, 24, 22, 5, 3],
}

const NOTHING: AdDay = { clicks: [], visits: 0, credits: [] }

/** What the platforms report of the truth: each credits orders to its own clicks, and learns of them late. */
export function adWorldOf(
  options: TruthOptions,
  adDays: (day: string) => ReadonlyMap<string, AdDay>,
): AdWorld {
  const { seed, firstDay, zone } = options
  const placed = new Map(
    CAMPAIGNS.flatMap(campaign => campaign.ads.map(ad => [ad.id, { campaign, share: ad.share }] as const)),
  )
  const accounts = (platform: AdPlatform) => [accountOf(platform, options)]

  const adDay = (platform: AdPlatform, adId: string, day: string, asOf: number): AdFigures | null => {
    const place = placed.get(adId)
    const { from, until } = boundsOf(day, zone)
    if (place?.campaign.platform !== platform || day < firstDay || asOf < from) return null
    const { clicks: all, credits } = adDays(day).get(adId) ?? NOTHING
    const random = chance(seed, platform, adId, day)
    const { ctr, costPerClick } = PLATFORMS[platform]
    const few = (budgetOf(place.campaign, options) / 1_000_000) * place.share * random.between(10, 25)
    const whole = Math.max(few, all.length / (ctr * (0.8 + 0.4 * random.next())))
    const cents = Math.round(costPerClick * (0.85 + 0.3 * random.next()))
    const clicks = all.filter(at => at <= asOf).length
    const impressions = Math.max(clicks, Math.floor(whole * shareOver((asOf - from) / (until - from))))
    const known = credits.filter(credit => credit.knownAt <= asOf)
    return {
      impressions,
      clicks,
      spendMicros: clicks * cents * 10_000,
      conversionsMicros: known.reduce((sum, { claimedOrders }) => sum + claimedOrders, 0) * 1_000_000,
      revenueMicros: known.reduce((sum, { claimedMicros }) => sum + claimedMicros, 0),
      reach: Math.floor(impressions * 0.72),
    }
  }

  return {
    seed,
    firstDay,
    accounts,
    adDay,
    demographics(platform, campaignId, day, asOf) {
      const campaign = CAMPAIGNS.find(one => one.platform === platform && one.id === campaignId)
      const days = (campaign?.ads ?? []).map(ad => adDay(platform, ad.id, day, asOf)).filter(f => f !== null)
      return days.length === 0 ? [] : byGroups(days, GROUP_WEIGHTS[platform])
    },
  }
}

/** In whole units of the currency, at least one. */
const budgetOf = ({ dailyBudgetMicros }: Campaign, { peopleADay }: TruthOptions): number =>
  Math.max(1, Math.round((dailyBudgetMicros / 1_000_000) * (peopleADay / USUAL_PEOPLE))) * 1_000_000

function accountOf(platform: AdPlatform, options: TruthOptions): AdAccount {
  const { seed, zone, currency, firstDay } = options
  const createdAt = startOfDay(addDays(firstDay, -30), zone)
  const campaignOf = (campaign: Campaign) => ({
    ...{ id: campaign.id, name: campaign.name, objective: campaign.objective, createdAt },
    dailyBudgetMicros: budgetOf(campaign, options),
    status: 'ACTIVE' as const,
    adsets: [...new Set(campaign.ads.map(ad => ad.adsetId))].map((adsetId, s) => ({
      id: adsetId,
      name: s === 0 ? 'broad' : 'lookalike',
      status: 'ACTIVE' as const,
      bidMicros: s === 0 ? null : PLATFORMS[platform].costPerClick * 10_000,
      ads: campaign.ads
        .filter(ad => ad.adsetId === adsetId)
        .map((ad, a) => ({ id: ad.id, name: a === 0 ? 'video' : 'image', status: 'ACTIVE' as const })),
    })),
  })
  return {
    id: `${PLATFORMS[platform].prefix}00${seed}`,
    name: `Shop on ${platform}`,
    currency,
    zone,
    campaigns: CAMPAIGNS.filter(campaign => campaign.platform === platform).map(campaignOf),
  }
}
