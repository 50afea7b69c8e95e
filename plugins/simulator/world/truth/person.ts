import { addDays, startOfDay } from '../../../sync/days.ts'
import { type Chance, chance } from '../../random.ts'
import type { SiteEvent } from '../site.ts'
import { boundsOf, DAY_US, partOfDay, SECOND_US } from './calendar.ts'
import { type AdTouch, type Channel, channelOn } from './channels.ts'
import { type Basket, basketOf } from './goods.ts'
import type { TruthOptions } from './options.ts'

/** From somebody's first visit to the last moment of the last. Days. */
export const LONGEST_DAYS = 24
const LAST_VISIT_US = 23 * DAY_US
/** No visit lasts longer. UTC microseconds. */
export const LONGEST_VISIT_US = 30 * 60 * SECOND_US
const MOST_VISITS = 6
const DEVICES: readonly SiteEvent['device'][] = [
  ...Array<'mobile'>(13).fill('mobile'),
  ...Array<'desktop'>(6).fill('desktop'),
  'tablet',
]
const COUNTRIES = ['US', 'US', 'US', 'US', 'CA', 'CA', 'GB'] as const

export interface Visit {
  /** UTC microseconds, whole seconds. */
  readonly at: number
  readonly channel: Channel
  readonly clickId: string | null
  /** 0: the first device, 1: another one. */
  readonly browser: 0 | 1
}

export interface Order extends Basket {
  readonly transactionId: string
  /** UTC microseconds. */
  readonly at: number
  /** Place in `visits`. */
  readonly visit: number
  /** The ad without which there were no such order; null: it would have come anyway. */
  readonly cause: AdTouch | null
}

/** Who would not buy in the shop but asks for an offer. */
export interface Lead {
  readonly at: number
  readonly visit: number
  readonly cause: AdTouch | null
}

export interface Person {
  readonly id: string
  /** The first one. */
  readonly device: SiteEvent['device']
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Oldest first. */
  readonly visits: readonly Visit[]
  /** Oldest first. */
  readonly orders: readonly Order[]
  readonly lead: Lead | null
}

/** Somebody who comes for the first time on a day; the `n`th of them. */
export function personOf(options: TruthOptions, day: string, n: number): Person {
  const random = chance(options.seed, 'person', day, n)
  const id = `${day.replaceAll('-', '')}${String(n).padStart(4, '0')}`
  const { from, until } = boundsOf(day, options.zone)
  const begins = whole(from + partOfDay(random) * (until - from))
  const first = channelOn(day, 'first', random.next())
  const wouldAnyway = random.next() < first.anyway
  const visits = visitsOf(random, options, { id, day, begins, first, wouldAnyway })
  const isBusiness = random.next() < 0.12
  const about = { id, device: random.pick(DEVICES), country: random.pick(COUNTRIES), visits }
  const decision = decisionOf(random, visits, wouldAnyway)
  if (decision === null) return { ...about, orders: [], lead: null }
  const at = whole(visits[decision.visit]!.at + (180 + random.next() * 720) * SECOND_US)
  if (isBusiness) return { ...about, orders: [], lead: { at, ...decision } }
  const orders = [{ ...basketOf(random), transactionId: `T${id}1`, at, ...decision }]
  const again = returnOf(random, visits.at(-1)!, begins)
  if (again === null) return { ...about, orders, lead: null }
  orders.push({
    ...basketOf(random),
    transactionId: `T${id}2`,
    at: whole(again.at + (120 + random.next() * 600) * SECOND_US),
    visit: visits.length,
    // Without the first order there were no second.
    cause: decision.cause,
  })
  return { ...about, visits: [...visits, again], orders, lead: null }
}

interface Beginning {
  readonly id: string
  readonly day: string
  readonly begins: number
  readonly first: Channel
  readonly wouldAnyway: boolean
}

/** Who wants to buy looks around for longer, and meets more ads that had no part in it. */
function visitsOf(random: Chance, options: TruthOptions, beginning: Beginning): Visit[] {
  const { id, day, begins, first, wouldAnyway } = beginning
  const visits: Visit[] = [visit(random, id, 0, begins, first)]
  while (visits.length < MOST_VISITS && random.next() < (wouldAnyway ? 0.62 : 0.34)) {
    const last = visits.at(-1)!.at
    const at = whole(last + (0.1 - 2.2 * Math.log(1 - random.next())) * DAY_US)
    if (at > begins + LAST_VISIT_US / 2) break
    const channel = channelOn(dayAt(day, options.zone, at), 'later', random.next())
    visits.push(visit(random, id, visits.length, at, channel))
  }
  return visits
}

/** The day of a later time, counted from one before it: faster than to ask the calendar for each. */
function dayAt(day: string, zone: string, at: number): string {
  const guess = addDays(day, Math.floor((at - startOfDay(day, zone)) / DAY_US))
  if (at < startOfDay(guess, zone)) return addDays(guess, -1)
  const next = addDays(guess, 1)
  return at < startOfDay(next, zone) ? guess : next
}

function visit(random: Chance, person: string, n: number, at: number, channel: Channel): Visit {
  const other = random.next() < 0.15
  return {
    at,
    channel,
    clickId: channel.ad && `${channel.ad.platform}.${person}.${n}`,
    browser: n > 0 && other ? 1 : 0,
  }
}

/** Which visit ends in an order, and why; null: none does. */
function decisionOf(
  random: Chance,
  visits: readonly Visit[],
  wouldAnyway: boolean,
): { readonly visit: number; readonly cause: AdTouch | null } | null {
  if (wouldAnyway) return { visit: visits.length - 1, cause: null }
  const at = visits.findIndex(({ channel }) => channel.lift > 0 && random.next() < channel.lift)
  if (at < 0) return null
  return { visit: random.between(at, visits.length - 1), cause: visits[at]!.channel.ad }
}

/** Some come back for more, by the newsletter or by themselves. */
function returnOf(random: Chance, last: Visit, begins: number): Visit | null {
  if (random.next() >= 0.15) return null
  const at = whole(last.at + (2 + random.next() * 8) * DAY_US)
  if (at > begins + LAST_VISIT_US) return null
  return { at, channel: RETURNS[random.next() < 0.6 ? 0 : 1]!, clickId: null, browser: last.browser }
}

const unpaid = { ad: null, lift: 0, anyway: 0, first: 0, later: 0, trend: 1 }
const RETURNS: readonly Channel[] = [
  { ...unpaid, source: 'newsletter', medium: 'email', campaign: 'weekly' },
  { ...unpaid, source: null, medium: null, campaign: null },
]

const whole = (at: number) => Math.floor(at / SECOND_US) * SECOND_US

/** The days on which those came first who may still do something on this one; oldest first. */
export const daysBefore = (day: string): string[] =>
  Array.from({ length: LONGEST_DAYS }, (_, i) => addDays(day, i - LONGEST_DAYS))
