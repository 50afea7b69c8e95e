import { chance } from '../../../plugins/simulator/random.ts'
import { byGroups } from '../../../plugins/simulator/world/demographics.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import type { AdCampaign, AdPlatform, AdWorld } from '../../../plugins/simulator/world/port.ts'
import type { SiteEvent, SiteWorld } from '../../../plugins/simulator/world/site.ts'
import { dayIn, startOfDay } from '../../../plugins/sync/index.ts'

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE
/** A platform learns of a purchase so much later at most, and takes it for a fifth more than it was worth. */
const LATEST_US = 12 * HOUR
const CLAIM = 1.2

/** Whom the shop's visitors come by, as their links name it. */
export const BY = {
  google: { source: 'google', medium: 'cpc' },
  tiktok: { source: 'tiktok', medium: 'paid_social' },
} as const
type Brought = keyof typeof BY
const isBrought = (platform: AdPlatform): platform is Brought => platform in BY

interface Purchase {
  readonly id: string
  readonly at: number
  /** When the platform knows of it. */
  readonly knownAt: number
  readonly adId: string
  readonly valueMicros: number
}

export interface ShopOptions {
  readonly seed: number
  readonly firstDay: string
  readonly zone: string
  readonly currency: string
}

/** A shop that two platforms bring people to: one truth, which they and the site's tag see. */
export function shopWorld({ seed, firstDay, zone, currency }: ShopOptions) {
  const plain = plainWorld({ seed, firstDay, zone, currency, campaigns: 3 })
  const campaigns = (platform: AdPlatform) => plain.accounts(platform).flatMap(a => a.campaigns)
  const adsIn = (campaign: AdCampaign) => campaign.adsets.flatMap(s => s.ads)
  const adsOf = (platform: AdPlatform) => campaigns(platform).flatMap(adsIn)
  /** Of a whole day: its part of the campaign's budget, nearly. */
  const spendOf = new Map(
    (Object.keys(BY) as Brought[]).flatMap(platform =>
      campaigns(platform).flatMap(c =>
        adsIn(c).map(ad => [ad.id, c.dailyBudgetMicros / adsIn(c).length] as const),
      ),
    ),
  )
  const hours = new Map<string, readonly Purchase[]>()

  /** One to three an hour. */
  function purchases(platform: Brought, hour: number): readonly Purchase[] {
    const key = `${platform} ${hour}`
    const known = hours.get(key)
    if (known) return known
    const random = chance(seed, 'purchases', platform, hour)
    const count = random.between(1, 3)
    const made = Array.from({ length: count }, (_, i) => {
      const at = hour * HOUR + Math.round(((i + 0.5) / count) * HOUR)
      return {
        id: `${platform}-${hour}-${i}`,
        at,
        knownAt: at + Math.round(random.next() ** 3 * LATEST_US),
        adId: random.pick(adsOf(platform)).id,
        valueMicros: random.between(50, 70) * 1_000_000,
      }
    })
    hours.set(key, made)
    return made
  }

  function onDay(platform: Brought, day: string): Purchase[] {
    const from = startOfDay(day, zone) / HOUR
    return Array.from({ length: 24 }, (_, h) => purchases(platform, from + h)).flat()
  }

  const adDay: AdWorld['adDay'] = (platform, adId, day, asOf) => {
    const delivery = plain.adDay(platform, adId, day, asOf)
    if (delivery === null || !isBrought(platform)) return delivery
    const known = onDay(platform, day).filter(p => p.adId === adId && p.knownAt <= asOf)
    const part = Math.min(24, Math.floor((asOf - startOfDay(day, zone)) / HOUR)) / 24
    const cents = Math.round((spendOf.get(adId)! * part * chance(seed, adId, day).between(90, 110)) / 1e6)
    return {
      ...delivery,
      spendMicros: cents * 10_000,
      conversionsMicros: known.length * 1_000_000,
      revenueMicros: known.reduce((sum, p) => sum + p.valueMicros * CLAIM, 0),
    }
  }

  const ads: AdWorld = { ...plain, adDay, demographics: groups(plain, adDay) }
  const site: SiteWorld = {
    ...{ seed, propertyId: `4400${seed}`, currency, zone, firstDay },
    events(day, asOf) {
      if (day < firstDay) return []
      const all = (Object.keys(BY) as Brought[]).flatMap(platform =>
        onDay(platform, day).flatMap(purchase => visit(platform, purchase)),
      )
      return all.filter(({ at }) => at <= asOf && dayIn(zone, at) === day).sort((a, b) => a.at - b.at)
    },
  }
  return { ads, site }
}

/** The steps of who buys, a minute each. */
function visit(platform: Brought, { id, at, valueMicros }: Purchase): SiteEvent[] {
  const common = {
    clientId: `${id}.1`,
    userId: `u-${id}`,
    sessionId: Math.floor(at / 1_000_000) - 240,
    sessionNumber: 1,
    page: '/p/1',
    ...BY[platform],
    campaign: 'brand',
    gclid: platform === 'google' ? `Cj0-${id}` : null,
    device: 'mobile',
    country: 'US',
    purchase: null,
  } as const
  const item = { id: 'sku-1', name: 'Thing', priceMicros: valueMicros, quantity: 1 }
  const steps = ['view_item', 'add_to_cart', 'begin_checkout'] as const
  return [
    ...steps.map((name, i) => ({ ...common, name, at: at - (3 - i) * MINUTE })),
    { ...common, name: 'purchase', at, purchase: { transactionId: id, valueMicros, items: [item] } },
  ]
}

const groups =
  (world: AdWorld, adDay: AdWorld['adDay']): AdWorld['demographics'] =>
  (platform, campaignId, day, asOf) => {
    const campaign = world
      .accounts(platform)
      .flatMap(a => a.campaigns)
      .find(c => c.id === campaignId)
    const ads = (campaign?.adsets ?? []).flatMap(s => s.ads)
    const days = ads.map(ad => adDay(platform, ad.id, day, asOf)).filter(f => f !== null)
    return days.length === 0 ? [] : byGroups(days)
  }

/** [from, until), UTC microseconds. */
interface Blindness {
  readonly from: number
  readonly until: number
}

/** The same world in which a platform learns of no purchase for a time, while it goes on spending. */
export function blinded(world: AdWorld, blind: AdPlatform, { from, until }: Blindness): AdWorld {
  const adDay: AdWorld['adDay'] = (platform, adId, day, asOf) => {
    const figures = world.adDay(platform, adId, day, asOf)
    if (figures === null || platform !== blind || asOf < from || asOf >= until) return figures
    const { conversionsMicros = 0, revenueMicros = 0 } = world.adDay(platform, adId, day, from) ?? {}
    return { ...figures, conversionsMicros, revenueMicros }
  }
  return { ...world, adDay, demographics: groups(world, adDay) }
}
