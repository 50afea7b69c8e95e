import { chance } from '../../random.ts'
import type { SiteEvent, SiteEventName } from '../site.ts'
import { SECOND_US } from './calendar.ts'
import { PLATFORMS } from './campaigns.ts'
import type { TruthOptions } from './options.ts'
import type { Order, Person, Visit } from './person.ts'

/** What somebody did in one visit, oldest first, whether or not the tag saw it. */
export function hitsOf(options: TruthOptions, person: Person, number: number): SiteEvent[] {
  const visit = person.visits[number]!
  const { at, browser, channel } = visit
  const random = chance(options.seed, 'hits', person.id, number)
  const earlier = person.visits.slice(0, number).filter(other => other.browser === browser).length
  const order = person.orders.find(one => one.visit === number) ?? null
  const isLead = person.lead?.visit === number
  const sessionId = at / SECOND_US
  const about = {
    clientId: `${person.id}.${browser === 0 ? 1 : 2}`,
    userId: userOf(person, number),
    sessionId,
    sessionNumber: earlier + 1,
    source: channel.source,
    medium: channel.medium,
    campaign: channel.campaign,
    gclid: channel.ad?.platform === 'google' ? visit.clickId : null,
    device: deviceOf(person, browser),
    country: person.country,
    purchase: null,
  } as const
  const hits: SiteEvent[] = []
  const hit = (name: SiteEventName, when: number, page: string) =>
    hits.push({ ...about, name, at: when, page })
  const landing = landingOf(visit)
  if (earlier === 0) hit('first_visit', at, landing)
  hit('session_start', at, landing)
  hit('page_view', at, landing)
  const steps = stepsOf(random.next(), order !== null)
  const last = order?.at ?? (isLead ? person.lead!.at : at + (20 + random.next() * 600) * SECOND_US)
  steps.forEach(({ name, page }, i) => {
    hit(name, at + Math.floor(((last - at) * (i + 1)) / (steps.length + 1)), page)
  })
  if (isLead) hit('page_view', last, '/offer/thanks')
  if (order !== null)
    hits.push({
      ...about,
      name: 'purchase',
      at: order.at,
      page: '/checkout/thanks',
      purchase: purchaseOf(order),
    })
  return hits
}

/** Known from the first order on: who orders logs in. */
function userOf(person: Person, number: number): string | null {
  const first = person.orders[0]
  return first !== undefined && number >= first.visit ? `u-${person.id}` : null
}

function deviceOf({ device }: Person, browser: 0 | 1): SiteEvent['device'] {
  if (browser === 0) return device
  return device === 'mobile' ? 'desktop' : 'mobile'
}

function landingOf({ channel, clickId }: Visit): string {
  const { ad, source, medium, campaign } = channel
  if (ad === null)
    return campaign === null ? '/' : `/?utm_source=${source}&utm_medium=${medium}&utm_campaign=${campaign}`
  const tags = `utm_source=${source}&utm_medium=${medium}&utm_campaign=${campaign}&utm_content=${ad.adId}`
  return `/?${tags}&${PLATFORMS[ad.platform].clickId}=${clickId}`
}

interface Step {
  readonly name: SiteEventName
  readonly page: string
}

const BROWSES: readonly Step[] = [
  { name: 'page_view', page: '/collection' },
  { name: 'page_view', page: '/product' },
  { name: 'view_item', page: '/product' },
  { name: 'add_to_cart', page: '/product' },
  { name: 'begin_checkout', page: '/checkout' },
]

/** How far somebody gets who does not order; who orders goes all the way. */
function stepsOf(drawn: number, orders: boolean): readonly Step[] {
  if (orders) return BROWSES
  return BROWSES.slice(0, drawn < 0.4 ? 0 : drawn < 0.6 ? 1 : drawn < 0.9 ? 3 : drawn < 0.97 ? 4 : 5)
}

const purchaseOf = ({ transactionId, valueMicros, items }: Order) => ({ transactionId, valueMicros, items })
