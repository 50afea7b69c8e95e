/** What the shop sells and where it advertises. Invented, and the same for every seed. */

export type Platform = 'meta' | 'google' | 'tiktok' | 'snapchat'

export interface Ad {
  readonly platform: Platform
  readonly account: string
  readonly campaign: string
  readonly adset: string
  readonly id: string
  /** Share of the shop's visits that this ad brings. */
  readonly weight: number
  /** Clicks per impression. */
  readonly ctr: number
  /** Micros of the shop's currency. */
  readonly costPerClick: number
  /** How much likelier its visitors buy than others. */
  readonly quality: number
}

interface PlatformTraits {
  readonly source: string
  readonly medium: string
  readonly clickId: string
  readonly weight: number
  readonly ctr: number
  readonly costPerClick: number
  readonly quality: number
  /** Platforms claim purchases that others claim too. */
  readonly claim: number
}

export const PLATFORMS: Readonly<Record<Platform, PlatformTraits>> = {
  meta: {
    source: 'facebook',
    medium: 'paid_social',
    clickId: 'fbclid',
    weight: 22,
    ctr: 0.013,
    costPerClick: 1_050_000,
    quality: 1,
    claim: 1.25,
  },
  google: {
    source: 'google',
    medium: 'cpc',
    clickId: 'gclid',
    weight: 18,
    ctr: 0.032,
    costPerClick: 1_550_000,
    quality: 1.5,
    claim: 1.08,
  },
  tiktok: {
    source: 'tiktok',
    medium: 'paid_social',
    clickId: 'ttclid',
    weight: 9,
    ctr: 0.009,
    costPerClick: 780_000,
    quality: 0.6,
    claim: 1.35,
  },
  snapchat: {
    source: 'snapchat',
    medium: 'paid_social',
    clickId: 'ScCid',
    weight: 5,
    ctr: 0.007,
    costPerClick: 640_000,
    quality: 0.5,
    claim: 1.4,
  },
}

const CAMPAIGNS = ['prospecting', 'retargeting', 'sale']

export const ADS: readonly Ad[] = Object.entries(PLATFORMS).flatMap(([platform, traits]) =>
  CAMPAIGNS.flatMap((campaign, c) =>
    [0, 1, 2, 3].map(n => ({
      platform: platform as Platform,
      account: `${platform}-100${platform.length}`,
      campaign,
      adset: `${campaign}-${n >> 1 ? 'lookalike' : 'broad'}`,
      id: `${platform}-${campaign}-${n + 1}`,
      weight: (traits.weight / 12) * [1.4, 0.9, 0.7][c]! * [1.3, 1, 1, 0.7][n]!,
      ctr: traits.ctr * [0.9, 1.2, 1.1][c]!,
      costPerClick: Math.round(traits.costPerClick * [0.95, 1.2, 1][c]!),
      quality: traits.quality * [0.8, 1.6, 1.1][c]!,
    })),
  ),
)

/** Visits that no ad brought. */
export const OTHER_SOURCES = [
  { source: 'google', medium: 'organic', campaign: null, referrer: 'https://www.google.com/', weight: 21 },
  { source: '(direct)', medium: '(none)', campaign: null, referrer: null, weight: 17 },
  { source: 'newsletter', medium: 'email', campaign: 'weekly', referrer: null, weight: 6 },
  {
    source: 'blog.example',
    medium: 'referral',
    campaign: null,
    referrer: 'https://blog.example/',
    weight: 2,
  },
]

export const PRODUCTS = [
  { id: 'mug', price: 14_900_000 },
  { id: 'shirt', price: 29_000_000 },
  { id: 'lamp', price: 64_500_000 },
  { id: 'chair', price: 189_000_000 },
  { id: 'rug', price: 119_000_000 },
]
