import type { AdPlatform } from '../port.ts'
import { yearsAt } from './calendar.ts'
import { CAMPAIGNS, PLATFORMS } from './campaigns.ts'
import { keptDays } from './kept.ts'

/** An ad by which somebody came. */
export interface AdTouch {
  readonly platform: AdPlatform
  readonly campaignId: string
  readonly adId: string
}

/** A way to the shop. */
export interface Channel {
  readonly ad: AdTouch | null
  readonly source: string | null
  readonly medium: string | null
  readonly campaign: string | null
  /** Chance that a click makes somebody buy who would not have. */
  readonly lift: number
  readonly anyway: number
  readonly first: number
  readonly later: number
  /** Factor a year. */
  readonly trend: number
}

const unpaid = { ad: null, lift: 0, trend: 1 }

const CHANNELS: readonly Channel[] = [
  ...CAMPAIGNS.flatMap(({ platform, id, name, first, later, lift, anyway, ads }) =>
    ads.map(ad => ({
      ad: { platform, campaignId: id, adId: ad.id },
      source: PLATFORMS[platform].source,
      medium: PLATFORMS[platform].medium,
      campaign: name,
      lift,
      anyway,
      first: first * ad.share,
      later: later * ad.share,
      trend: PLATFORMS[platform].trend,
    })),
  ),
  { ...unpaid, source: 'google', medium: 'organic', campaign: null, anyway: 0.05, first: 20, later: 14 },
  { ...unpaid, source: 'newsletter', medium: 'email', campaign: 'weekly', anyway: 0.1, first: 3, later: 18 },
  { ...unpaid, source: null, medium: null, campaign: null, anyway: 0.09, first: 14, later: 34 },
]

/** How channels share a day's first visits, or later ones, between them. */
const weightsOf = (which: 'first' | 'later') =>
  keptDays(200, day => {
    let sum = 0
    return CHANNELS.map(channel => {
      sum += channel[which] * channel.trend ** yearsAt(day)
      return sum
    })
  })

const weights = { first: weightsOf('first'), later: weightsOf('later') }

/** @param chosen 0 ≤ x < 1 */
export function channelOn(day: string, which: 'first' | 'later', chosen: number): Channel {
  const sums = weights[which](day)
  const at = chosen * sums.at(-1)!
  return CHANNELS[sums.findIndex(sum => at < sum)]!
}
