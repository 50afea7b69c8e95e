import type { AdCampaign, AdPlatform } from '../port.ts'

export interface Campaign {
  readonly platform: AdPlatform
  readonly id: string
  /** As links name it: `utm_campaign`. */
  readonly name: string
  readonly objective: AdCampaign['objective']
  /** What it may spend on a mean day of a shop of the usual size. */
  readonly dailyBudgetMicros: number
  /** How often it is somebody's first way to the shop, and a later one. */
  readonly first: number
  readonly later: number
  /** Chance that a click makes somebody buy who would not have. */
  readonly lift: number
  /** Chance that who first came by it would have bought without any ad. */
  readonly anyway: number
  readonly ads: readonly PlacedAd[]
}

export interface PlacedAd {
  readonly id: string
  readonly adsetId: string
  /** Share of the campaign's clicks. */
  readonly share: number
}

interface Traits {
  readonly prefix: string
  readonly source: string
  readonly medium: string
  readonly clickId: string
  /** Factor a year. */
  readonly trend: number
  /** Clicks per impression. */
  readonly ctr: number
  /** Cents of the account's currency. */
  readonly costPerClick: number
}

export const PLATFORMS: Readonly<Record<AdPlatform, Traits>> = {
  meta: {
    ...{ prefix: '12', source: 'facebook', medium: 'paid_social', clickId: 'fbclid' },
    ...{ trend: 1.1, ctr: 0.013, costPerClick: 95 },
  },
  google: {
    ...{ prefix: '34', source: 'google', medium: 'cpc', clickId: 'gclid' },
    ...{ trend: 1, ctr: 0.034, costPerClick: 140 },
  },
  tiktok: {
    ...{ prefix: '56', source: 'tiktok', medium: 'paid_social', clickId: 'ttclid' },
    ...{ trend: 2.2, ctr: 0.009, costPerClick: 70 },
  },
  snapchat: {
    ...{ prefix: '78', source: 'snapchat', medium: 'paid_social', clickId: 'ScCid' },
    ...{ trend: 0.5, ctr: 0.007, costPerClick: 60 },
  },
}

export const AD_PLATFORMS = Object.keys(PLATFORMS) as readonly AdPlatform[]

type Row = readonly [
  platform: AdPlatform,
  name: string,
  objective: AdCampaign['objective'],
  budget: number,
  first: number,
  later: number,
  lift: number,
  anyway: number,
]

/** Who searches for the shop's name or is shown what they looked at mostly buys anyway; who never heard of it does not. */
const ROWS: readonly Row[] = [
  ['meta', 'prospecting', 'sales', 54, 16, 3, 0.035, 0.012],
  ['meta', 'retargeting', 'sales', 22, 0, 14, 0.012, 0.02],
  ['meta', 'seasonal-sale', 'sales', 24, 5, 4, 0.03, 0.03],
  ['google', 'search-generic', 'sales', 50, 10, 3, 0.04, 0.05],
  ['google', 'search-brand', 'sales', 52, 6, 12, 0.004, 0.15],
  ['google', 'shopping', 'sales', 32, 6, 3, 0.03, 0.05],
  ['tiktok', 'prospecting', 'traffic', 42, 9, 2, 0.012, 0.006],
  ['tiktok', 'creators', 'awareness', 16, 3, 1, 0.016, 0.008],
  ['tiktok', 'retargeting', 'sales', 9, 0, 4, 0.006, 0.02],
  ['snapchat', 'prospecting', 'traffic', 7, 5, 1, 0.008, 0.006],
  ['snapchat', 'stories', 'awareness', 5, 3, 1, 0.006, 0.006],
  ['snapchat', 'retargeting', 'sales', 2, 0, 2, 0.005, 0.02],
]

const SHARES = [0.4, 0.25, 0.2, 0.15]

/** Where the shop advertises. Invented, and the same for every seed but for the account's number. */
export const CAMPAIGNS: readonly Campaign[] = ROWS.map((row, at) => {
  const [platform, name, objective, budget, first, later, lift, anyway] = row
  const number = ROWS.slice(0, at).filter(other => other[0] === platform).length
  const id = `${PLATFORMS[platform].prefix}1${String(number).padStart(6, '0')}`
  const ads = SHARES.map((share, n) => {
    const adsetId = `${id}2${String(n >> 1).padStart(3, '0')}`
    return { id: `${adsetId}3${String(n & 1).padStart(3, '0')}`, adsetId, share }
  })
  return {
    platform,
    id,
    name,
    objective,
    dailyBudgetMicros: budget * 1_000_000,
    first,
    later,
    lift,
    anyway,
    ads,
  }
})
