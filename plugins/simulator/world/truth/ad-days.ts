import { chance } from '../../random.ts'
import type { AdPlatform } from '../port.ts'
import { boundsOf, DAY_US, partOfDay } from './calendar.ts'
import { CREDIT_DAYS, CREDIT_LAG_DAYS, OVER_CLAIM } from './faults.ts'
import { keptDays } from './kept.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'

/** An order as a platform credits it to one of its clicks. */
export interface Credit {
  readonly transactionId: string
  readonly orderedAt: number
  /** When the platform knows of it. */
  readonly knownAt: number
  /** True value. Micros. */
  readonly valueMicros: number
  /** What the platform makes of it. */
  readonly claimedOrders: number
  readonly claimedMicros: number
}

export interface AdDay {
  /** Clicks, whether or not the site's tag saw somebody arrive. UTC microseconds, ascending. */
  readonly clicks: readonly number[]
  /** Of clicks that were followed by a visit. */
  readonly visits: number
  readonly credits: readonly Credit[]
}

/** One click in about eight never arrives: impatience, blockers, no consent. */
const LOST_SHARE = 0.14

/** What happened to ads on a day, by ad. */
export const adDaysOf = (people: People) =>
  keptDays(400, (day): ReadonlyMap<string, AdDay> => {
    const { zone, seed } = people.options
    const { from, until } = boundsOf(day, zone)
    const visits = new Map<string, number[]>()
    const credited: { readonly adId: string; readonly platform: AdPlatform; readonly credit: Credit }[] = []
    for (const person of people.around(day)) {
      for (const { at, channel } of person.visits)
        if (channel.ad !== null && at >= from && at < until)
          visits.set(channel.ad.adId, [...(visits.get(channel.ad.adId) ?? []), at])
      credited.push(...creditsOf(seed, person, from, until))
    }
    const claimed = claims(credited)
    return new Map(
      [...visits].map(([adId, arrived]) => {
        const random = chance(seed, 'lost clicks', adId, day)
        const lost = arrived
          .filter(() => random.next() < LOST_SHARE)
          .map(() => Math.floor(from + partOfDay(random) * (until - from)))
        return [
          adId,
          {
            clicks: [...arrived, ...lost].sort((a, b) => a - b),
            visits: arrived.length,
            credits: claimed.filter(one => one.adId === adId).map(one => one.credit),
          },
        ]
      }),
    )
  })

/** Every platform claims an order whole, for its own last click before it. */
function creditsOf(seed: number, person: Person, from: number, until: number) {
  return person.orders.flatMap(order => {
    const last = new Map<AdPlatform, { readonly at: number; readonly adId: string }>()
    for (const { at, channel } of person.visits)
      if (channel.ad !== null && at <= order.at && order.at - at <= CREDIT_DAYS * DAY_US)
        last.set(channel.ad.platform, { at, adId: channel.ad.adId })
    return [...last]
      .filter(([, click]) => click.at >= from && click.at < until)
      .map(([platform, { adId }]) => {
        const lag =
          chance(seed, 'credit', platform, order.transactionId).next() ** 2 * CREDIT_LAG_DAYS * DAY_US
        const { transactionId, valueMicros } = order
        const knownAt = Math.floor(order.at + lag)
        const credit = { transactionId, orderedAt: order.at, knownAt, valueMicros }
        return { platform, adId, credit: { ...credit, claimedOrders: 1, claimedMicros: valueMicros } }
      })
  })
}

/** The platform that over-claims counts some orders of a day twice, so that the day comes to 130 %, rounded. */
function claims<T extends { readonly platform: AdPlatform; readonly credit: Credit }>(
  credited: readonly T[],
): T[] {
  let n = 0
  const upTo = (orders: number) => Math.floor((orders * (100 + OVER_CLAIM.percent)) / 100 + 0.5)
  const inOrder = [...credited].sort((a, b) => a.credit.orderedAt - b.credit.orderedAt)
  return inOrder.map(one => {
    if (one.platform !== OVER_CLAIM.platform) return one
    const claimedOrders = upTo(n + 1) - upTo(n++)
    const cents = Math.round((one.credit.valueMicros * (100 + OVER_CLAIM.percent)) / 100 / 10_000)
    return { ...one, credit: { ...one.credit, claimedOrders, claimedMicros: cents * 10_000 } }
  })
}
