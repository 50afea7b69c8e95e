import { additiveCredits } from '../../pipelines/attribution/model/additive.ts'
import { daysBefore } from '../../pipelines/attribution/model/journey.ts'
import { markovOf } from '../../pipelines/attribution/model/markov/fit.ts'
import { type PathRow, pathsOf } from '../../pipelines/attribution/model/paths.ts'
import { conversionRateShapley } from '../../pipelines/attribution/model/shapley/conversion-rate.ts'
import { ADDITIVE_MODELS } from '../../pipelines/attribution/model/weights.ts'
import { attributable, journeysOf } from '../../pipelines/journeys/model/journeys.ts'
import { byTime, type Touched } from '../../pipelines/journeys/model/touches.ts'
import { channelOf } from '../../pipelines/sessions/channel.ts'
import { truth } from '../../plugins/simulator/world/truth/index.ts'
import type { Person } from '../../plugins/simulator/world/truth/person.ts'
import { addDays } from '../../plugins/sync/days.ts'

/**
 * Each model against what truly caused the orders of a simulated shop: of all orders, the share that it credits to a campaign
 * (or to none) that had no part in them, ½ Σ |credited − caused| ÷ orders. Journeys by person, as if every device were known,
 * and by cookie, as the tag sees them. Usage: truth.js [DAYS] [SEED]. Prints JSON.
 */
const days = Number(process.argv[2] ?? 90)
const seed = Number(process.argv[3] ?? 7)
const FIRST = '2026-01-05'
const NO_AD = '(no ad)'

const world = truth({ seed, firstDay: FIRST })
const people = Array.from({ length: days }, (_, i) => world.people.of(addDays(FIRST, i))).flat()

const campaigns = new Map<string, string>()
const caused = new Map<string, number>()
const known = new Set<string>()
const campaignOf = new Map<string, string>()
let orders = 0
for (const person of people) {
  for (const { channel } of person.visits)
    if (channel.ad) {
      campaigns.set(channel.ad.campaignId, channel.ad.platform)
      campaignOf.set(channel.ad.adId, channel.ad.campaignId)
    }
  for (const { cause, transactionId } of person.orders) {
    orders++
    known.add(transactionId)
    const key = cause?.campaignId ?? NO_AD
    caused.set(key, (caused.get(key) ?? 0) + 1)
  }
}

function touchesOf(person: Person): Touched[] {
  return person.visits.map(({ at, channel }, i) => {
    const bought = person.orders.filter(order => order.visit === i)
    const traffic = {
      source: channel.source ?? '(direct)',
      medium: channel.medium ?? '(none)',
      campaign: channel.campaign,
    }
    return {
      connector: 'site',
      session_key: `${person.id}.${i}`,
      part: 0,
      date: new Date(at / 1000).toISOString().slice(0, 10),
      started_at: at,
      ...traffic,
      channel: channelOf(traffic),
      platform: channel.ad?.platform ?? null,
      campaign_id: channel.ad?.campaignId ?? null,
      ad_id: channel.ad?.adId ?? null,
      purchases: bought.length,
      value_micros: null,
      currency: null,
      converted_at: bought[0]?.at ?? null,
    }
  })
}

/** What each model credits to campaigns, of journeys of these people. */
function credited(all: readonly (readonly Touched[])[]): Map<string, Map<string, number>> {
  const rows: PathRow[] = all.flatMap(touches =>
    journeysOf([...touches].sort(byTime), { lookbackDays: 90, excludeDirect: false }).map(made => ({
      path: made.touches.map(({ campaign, channel }) => (campaigns.has(campaign) ? campaign : channel)),
      conversions: made.conversions,
      value: null,
      nulls: made.conversions > 0 ? 0 : 1,
      daysBefore: daysBefore(attributable(made)),
    })),
  )
  const paths = pathsOf(rows)
  // Days part rows that are one way: Markov and Shapley take them together.
  const ways = pathsOf(rows.map(({ daysBefore, ...row }) => row))
  const found = new Map<string, Map<string, number>>()
  // Ways without an ad are told apart while credit is shared out: put together before, they were one key of many.
  const add = (model: string, credits: readonly { channel: string; conversions: number }[]) => {
    const sums = new Map<string, number>()
    for (const { channel, conversions } of credits) {
      const key = campaigns.has(channel) ? channel : NO_AD
      sums.set(key, (sums.get(key) ?? 0) + conversions)
    }
    found.set(model, sums)
  }
  for (const model of ADDITIVE_MODELS) add(model, additiveCredits(paths, model))
  for (const order of [1, 2]) add(`markov, order ${order}`, markovOf(ways, { order }).channels)
  add('shapley_conversion_rate', conversionRateShapley(ways))
  return found
}

const byPlatform = (credits: ReadonlyMap<string, number>) => {
  const sums = new Map<string, number>()
  for (const [key, credit] of credits) {
    const platform = campaigns.get(key) ?? NO_AD
    sums.set(platform, (sums.get(platform) ?? 0) + credit)
  }
  return sums
}

function misplaced(credits: ReadonlyMap<string, number>, truly: ReadonlyMap<string, number>): number {
  const keys = new Set([...credits.keys(), ...truly.keys()])
  let off = 0
  for (const key of keys) off += Math.abs((credits.get(key) ?? 0) - (truly.get(key) ?? 0))
  return Math.round((1_000 * off) / 2 / orders) / 1_000
}

/** What the platforms claim for themselves of the same orders; what nobody claims is of no ad. */
function claims(): Map<string, number> {
  const found = new Map<string, number>()
  // The last may order for 25 days more.
  for (let i = 0; i < days + 25; i++)
    for (const [adId, { credits }] of world.adDays(addDays(FIRST, i)))
      for (const { transactionId, claimedOrders } of credits) {
        const campaign = campaignOf.get(adId)
        if (campaign === undefined || !known.has(transactionId)) continue
        found.set(campaign, (found.get(campaign) ?? 0) + claimedOrders)
      }
  const all = [...found.values()].reduce((sum, n) => sum + n, 0)
  return found.set(NO_AD, orders - all)
}

const persons = credited(people.map(touchesOf))
const cookies = credited(
  people.flatMap(person => {
    const touches = touchesOf(person)
    return [0, 1].map(browser => touches.filter((_, i) => person.visits[i]!.browser === browser))
  }),
)
const models = [...persons].map(([model, credits]) => ({
  model,
  to_ads: Math.round((1_000 * (orders - (credits.get(NO_AD) ?? 0))) / orders) / 1_000,
  by_campaign: misplaced(credits, caused),
  by_platform: misplaced(byPlatform(credits), byPlatform(caused)),
  by_campaign_of_cookies: misplaced(cookies.get(model)!, caused),
}))
const own = claims()
const themselves = {
  to_ads: Math.round((1_000 * (orders - own.get(NO_AD)!)) / orders) / 1_000,
  by_campaign: misplaced(own, caused),
  by_platform: misplaced(byPlatform(own), byPlatform(caused)),
}
const toAds = Math.round((1_000 * (orders - (caused.get(NO_AD) ?? 0))) / orders) / 1_000
process.stdout.write(
  `${JSON.stringify({ days, seed, people: people.length, orders, truly_by_ads: toAds, models, platforms_themselves: themselves }, null, 2)}\n`,
)
