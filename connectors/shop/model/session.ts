import { ADS, type Ad, OTHER_SOURCES, PLATFORMS, PRODUCTS } from './catalogue.ts'
import { poisson, randomAt, weighted } from './random.ts'

export const MINUTE = 60_000_000
export const DAY = 86_400_000_000
/** No visit lasts longer, so that a moment's events come from visits that began within it. UTC micros. */
export const LONGEST = 30 * MINUTE

export interface Traffic {
  readonly seed: string
  /** Visits a day of the history, before weekday and trend. */
  readonly sessionsPerDay: number
  /** Visits a minute more from `liveFrom` on, so that something is to be seen. */
  readonly extraPerMinute: number
  /** UTC micros; null: no live flow. */
  readonly liveFrom: number | null
}

export interface Step {
  readonly name: string
  readonly at: number
  readonly path: string
  readonly product: string | null
  /** Micros: what a purchase came to. */
  readonly value: number | null
}

export interface Visit {
  readonly id: string
  readonly person: string
  readonly isNew: boolean
  readonly startedAt: number
  readonly ad: Ad | null
  readonly source: string
  readonly medium: string
  readonly campaign: string | null
  readonly referrer: string | null
  readonly device: string
  readonly country: string
  readonly steps: readonly Step[]
}

/** Share of a day's visits that fall into each hour, UTC. */
const HOURS = [2, 1.5, 1, 1, 1, 1.5, 2.5, 4, 5, 5.5, 5.5, 5.5, 6, 5.5, 5, 5, 5, 5.5, 6, 7, 7.5, 6.5, 5, 3]
const HOURS_TOTAL = HOURS.reduce((a, b) => a + b, 0)
/** Sunday first. */
const WEEKDAYS = [1.15, 0.95, 0.92, 0.94, 0.98, 1, 1.06]
/** The shop grows by this much a year. */
const GROWTH = 1.35

/** Visits a minute at an instant: the hour's share, the weekday, the growth since 2026. */
export function visitsPerMinute(traffic: Traffic, at: number): number {
  const date = new Date(at / 1000)
  const years = (at / 1000 - Date.UTC(2026, 0, 1)) / (365.25 * 86_400_000)
  const share = HOURS[date.getUTCHours()]! / HOURS_TOTAL / 60
  return traffic.sessionsPerDay * share * WEEKDAYS[date.getUTCDay()]! * GROWTH ** years
}

/** The visits that begin in a minute. More of them in the live flow, never others. */
export function visitsOf(traffic: Traffic, minute: number): Visit[] {
  const usual = poisson(randomAt(traffic.seed, 'usual', minute), visitsPerMinute(traffic, minute))
  const live = traffic.liveFrom !== null && minute >= traffic.liveFrom
  const extra = live ? poisson(randomAt(traffic.seed, 'extra', minute), traffic.extraPerMinute) : 0
  const ids = [...Array(usual).keys()].map(n => `${n}`).concat([...Array(extra).keys()].map(n => `x${n}`))
  return ids.map(n => visit(traffic, minute, n))
}

const LOYAL = 2_500
const SOURCES = [
  ...ADS.map(ad => ({ ad, weight: ad.weight })),
  ...OTHER_SOURCES.map(o => ({ ...o, ad: null })),
]

function visit(traffic: Traffic, minute: number, n: string): Visit {
  const random = randomAt(traffic.seed, 'visit', minute, n)
  const id = `${minute / MINUTE}-${n}`
  const startedAt = minute + Math.floor(random() * MINUTE)
  const from = weighted(random, SOURCES)
  const isNew = random() < 0.62
  const person = isNew ? `new-${id}` : `loyal-${Math.floor(random() * LOYAL)}`
  const origin =
    from.ad === null
      ? { source: from.source, medium: from.medium, campaign: from.campaign, referrer: from.referrer }
      : {
          source: PLATFORMS[from.ad.platform].source,
          medium: PLATFORMS[from.ad.platform].medium,
          campaign: from.ad.campaign,
          referrer: null,
        }
  const device = weighted(random, [
    { is: 'mobile', weight: 62 },
    { is: 'desktop', weight: 33 },
    { is: 'tablet', weight: 5 },
  ]).is
  const country = weighted(random, [
    { is: 'United States', weight: 55 },
    { is: 'Canada', weight: 15 },
    { is: 'United Kingdom', weight: 20 },
    { is: 'Germany', weight: 10 },
  ]).is
  const eager = (from.ad?.quality ?? 1) * (isNew ? 0.8 : 1.5) * (device === 'mobile' ? 0.8 : 1.3)
  const click = from.ad && `${PLATFORMS[from.ad.platform].clickId}=sim.${id}`
  const landing = `/${click === null ? '' : `?utm_campaign=${from.ad!.campaign}&${click}`}`
  return {
    id,
    person,
    isNew,
    startedAt,
    ad: from.ad,
    ...origin,
    device,
    country,
    steps: stepsOf(random, startedAt, landing, isNew, eager),
  }
}

/** From a product page to the purchase, each step with the odds of going on to it. */
const FUNNEL = [
  ['view_item', 0.55],
  ['add_to_cart', 0.16],
  ['begin_checkout', 0.48],
  ['add_shipping_info', 0.8],
  ['add_payment_info', 0.88],
  ['purchase', 0.8],
] as const

function stepsOf(
  random: () => number,
  startedAt: number,
  landing: string,
  isNew: boolean,
  eager: number,
): Step[] {
  const steps: Step[] = []
  let at = startedAt
  const step = (name: string, path: string, product: string | null = null, value: number | null = null) => {
    steps.push({ name, at, path, product, value })
    at += 1_000 + Math.floor(random() * 2.2 * MINUTE)
  }
  if (isNew) steps.push({ name: 'first_visit', at: startedAt, path: landing, product: null, value: null })
  steps.push({ name: 'session_start', at: startedAt, path: landing, product: null, value: null })
  step('page_view', landing)
  while (random() < 0.45 && steps.length < 7) step('page_view', `/collection/${1 + Math.floor(random() * 9)}`)
  const product = PRODUCTS[Math.floor(random() ** 1.6 * PRODUCTS.length)]!
  const path = `/product/${product.id}`
  for (const [name, odds] of FUNNEL) {
    if (random() > (name === 'view_item' || name === 'add_to_cart' ? Math.min(0.95, odds * eager) : odds))
      break
    if (name === 'view_item') step('page_view', path)
    step(name, path, product.id, name === 'purchase' ? product.price * (1 + Math.floor(random() * 2)) : null)
  }
  return steps
}
