import { startOfDay } from '../../sync/days.ts'
import { chance } from '../random.ts'
import type { SiteEvent, SiteWorld } from './site.ts'

export interface PlainSiteOptions {
  readonly seed: number
  readonly firstDay: string
  readonly propertyId?: string
  /** Sessions a day. */
  readonly sessions?: number
  readonly zone?: string
  readonly currency?: string
}

const SECOND = 1_000_000
const HOUR = 3600 * SECOND

const CHANNELS = [
  { source: 'google', medium: 'cpc', campaign: 'brand' },
  { source: 'facebook', medium: 'paid_social', campaign: 'spring' },
  { source: 'newsletter', medium: 'email', campaign: null },
  { source: null, medium: null, campaign: null },
] as const

/** A site of visitors who come once each: every day has as many sessions, one in five buys, one in ten is seen late. */
export function plainSite(options: PlainSiteOptions): SiteWorld {
  const { seed, firstDay, sessions = 20, propertyId = '123456789' } = options
  const { zone = 'Europe/Berlin', currency = 'EUR' } = options
  return {
    seed,
    propertyId,
    currency,
    zone,
    firstDay,
    events(day, asOf) {
      if (day < firstDay) return []
      const begin = startOfDay(day, zone)
      const events: SiteEvent[] = []
      for (let n = 0; n < sessions; n++) {
        const isLate = chance(seed, 'late', day, n).next() < 0.1
        const delay = isLate ? 30 * HOUR : 0
        events.push(...sessionOf(seed, day, n, begin).filter(event => event.at + delay <= asOf))
      }
      return events.sort((a, b) => a.at - b.at)
    },
  }
}

function sessionOf(seed: number, day: string, n: number, begin: number): SiteEvent[] {
  const random = chance(seed, 'session', day, n)
  // No zone's day is shorter than 23 hours, and a session takes minutes.
  const start = begin + random.between(0, 22 * 3600) * SECOND
  const channel = random.pick(CHANNELS)
  const common = {
    clientId: `${random.between(1e8, 1e9)}.${n}`,
    userId: null,
    sessionId: Math.floor(start / SECOND),
    sessionNumber: 1,
    page: `/p/${random.between(1, 40)}`,
    ...channel,
    gclid: channel.source === 'google' ? `Cj0-${day}-${n}` : null,
    device: random.pick(['desktop', 'mobile', 'tablet'] as const),
    country: random.pick(['DE', 'AT', 'CH']),
  }
  const names = ['first_visit', 'session_start', 'page_view', 'view_item'] as const
  const events: SiteEvent[] = names.map((name, i) => ({
    ...common,
    at: start + i * 7 * SECOND,
    name,
    purchase: null,
  }))
  if (random.next() >= 0.2) return events
  const priceMicros = random.between(500, 20_000) * 10_000
  const purchase = {
    transactionId: `t-${day}-${n}`,
    valueMicros: priceMicros,
    items: [{ id: 'sku-1', name: 'Thing', priceMicros, quantity: 1 }],
  }
  return [...events, { ...common, at: start + 60 * SECOND, name: 'purchase', purchase }]
}
