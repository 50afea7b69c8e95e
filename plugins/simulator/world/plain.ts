import { addDays, startOfDay } from '../../sync/days.ts'
import { chance } from '../random.ts'
import { byGroups } from './demographics.ts'
import type { AdAccount, AdCampaign, AdFigures, AdPlatform, AdWorld } from './port.ts'

export interface PlainOptions {
  readonly seed: number
  readonly firstDay: string
  readonly campaigns?: number
  readonly adsets?: number
  readonly ads?: number
  readonly currency?: string
  readonly zone?: string
  /** How long the platforms add conversions to a day. Days. */
  readonly restatedDays?: number
}

const PREFIX: Readonly<Record<AdPlatform, string>> = {
  meta: '12',
  google: '34',
  tiktok: '56',
  snapchat: '78',
}
const DAY_US = 86_400_000_000

/** Ads whose figures follow from their names alone: a world for tests of connectors, with nothing behind it. */
export function plainWorld(options: PlainOptions): AdWorld {
  const { seed, firstDay, campaigns = 4, adsets = 2, ads = 2 } = options
  const { currency = 'USD', zone = 'UTC', restatedDays = 7 } = options
  const accountOf = (platform: AdPlatform): AdAccount => ({
    id: `${PREFIX[platform]}00${seed}`,
    name: `${platform} account`,
    currency,
    zone,
    campaigns: Array.from({ length: campaigns }, (_, c) => campaignOf(platform, c)),
  })
  const campaignOf = (platform: AdPlatform, c: number): AdCampaign => {
    const random = chance(seed, platform, 'campaign', c)
    const id = `${PREFIX[platform]}1${String(c).padStart(6, '0')}`
    return {
      id,
      name: `Campaign ${c + 1}, “${random.pick(['Sommer', 'été', 'winter', 'brand'])}”`,
      objective: random.pick(['sales', 'leads', 'traffic', 'awareness']),
      status: random.next() < 0.8 ? 'ACTIVE' : 'PAUSED',
      dailyBudgetMicros: random.between(20, 500) * 1_000_000,
      createdAt: startOfDay(addDays(firstDay, -30), zone),
      adsets: Array.from({ length: adsets }, (_, s) => ({
        id: `${id}2${String(s).padStart(3, '0')}`,
        name: `Ad set ${s + 1}`,
        status: 'ACTIVE',
        bidMicros: random.next() < 0.5 ? random.between(50, 900) * 10_000 : null,
        ads: Array.from({ length: ads }, (_, a) => ({
          id: `${id}2${String(s).padStart(3, '0')}3${String(a).padStart(3, '0')}`,
          name: `Ad ${a + 1}`,
          status: 'ACTIVE',
        })),
      })),
    }
  }
  const accounts = new Map<AdPlatform, readonly AdAccount[]>()
  const of = (platform: AdPlatform) => {
    let found = accounts.get(platform)
    if (!found) {
      found = [accountOf(platform)]
      accounts.set(platform, found)
    }
    return found
  }

  const adDay = (platform: AdPlatform, adId: string, day: string, asOf: number): AdFigures | null => {
    const age = asOf - startOfDay(day, zone)
    if (day < firstDay || age < 0) return null
    const random = chance(seed, platform, adId, day)
    // A day goes on while it lasts, and its conversions come in for some days more.
    const share = Math.min(1, Math.floor((age / DAY_US) * 24) / 24)
    const settled = Math.min(1, age / DAY_US / restatedDays)
    const whole = random.between(200, 9000)
    const impressions = Math.floor(whole * share)
    const clicks = Math.floor(impressions * (0.005 + 0.03 * random.next()))
    const spendMicros = clicks * random.between(100_000, 2_000_000)
    const conversions = Math.floor(clicks * (0.02 + 0.05 * random.next()) * (0.6 + 0.4 * settled))
    return {
      impressions,
      clicks,
      spendMicros: spendMicros - (spendMicros % 10_000),
      conversionsMicros: conversions * 1_000_000,
      revenueMicros: conversions * random.between(1000, 20_000) * 10_000,
      reach: Math.floor(impressions * 0.7),
    }
  }

  return {
    seed,
    firstDay,
    accounts: of,
    adDay,
    demographics(platform, campaignId, day, asOf) {
      const campaign = of(platform)
        .flatMap(a => a.campaigns)
        .find(c => c.id === campaignId)
      const days = (campaign?.adsets ?? [])
        .flatMap(s => s.ads)
        .map(ad => adDay(platform, ad.id, day, asOf))
        .filter(f => f !== null)
      return days.length === 0 ? [] : byGroups(days)
    },
  }
}
