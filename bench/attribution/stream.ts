import type { Journey } from '../../pipelines/attribution/model/journey.ts'
import {
  addJourney,
  attributed,
  emptyTally,
  retractJourney,
} from '../../pipelines/attribution/model/tally.ts'
import { chance } from '../../plugins/simulator/random.ts'

/**
 * Journeys a second through all additive models by every dimension: 1,000 tenants in turns, each with
 * a tally of its own; a twentieth of the journeys are taken off and counted again, as late touches cause. At last the
 * credits of every tenant and model must add up to its conversions. Usage: stream.js [JOURNEYS] [TENANTS]. Prints JSON.
 */
const count = Number(process.argv[2] ?? 1_000_000)
const tenants = Number(process.argv[3] ?? 1_000)
const VARIETY = 20_000
const AGAIN = 20
const DAY = 86_400_000_000
const random = chance(1, 'attribution')
const journeys = Array.from({ length: VARIETY }, (): Journey => {
  const length = Math.min(20, 1 + Math.floor(-3 * Math.log(1 - random.next())))
  const closedAt = DAY * (20_000 + random.between(0, 27)) + random.between(0, 86_399) * 1_000_000
  let at = closedAt
  const touches = Array.from({ length }, () => {
    at -= Math.floor(random.next() * 4 * DAY)
    const platform = `p${random.between(0, 4)}`
    const campaign = `${platform}-c${random.between(0, 9)}`
    return {
      at,
      channel: `ch${random.between(0, 7)}`,
      source_medium: `s${random.between(0, 9)} / cpc`,
      platform,
      campaign,
      ad: `${campaign}-a${random.between(0, 3)}`,
    }
  })
  return { touches: touches.reverse(), closedAt, conversions: 1, valueMicros: random.between(1, 400_000_000) }
})
const tallies = Array.from({ length: tenants }, () => emptyTally())
let touches = 0
const begun = performance.now()
for (let i = 0; i < count; i++) {
  const journey = journeys[(i * 7919) % VARIETY]!
  const tally = tallies[i % tenants]!
  addJourney(tally, journey)
  touches += journey.touches.length
  if (i % AGAIN === 0) {
    retractJourney(tally, journey)
    addJourney(tally, journey)
  }
}
const seconds = (performance.now() - begun) / 1000
for (const [t, tally] of tallies.entries()) {
  const wanted = Math.floor((count - t - 1) / tenants) + 1
  for (const by of ['channel', 'ad'] as const)
    for (const model of ['linear', 'time_decay', 'shapley'] as const) {
      const sum = attributed(tally, model, by).reduce((total, { conversions }) => total + conversions, 0)
      if (Math.abs(sum - wanted) > 1e-9 * wanted)
        throw new Error(`tenant ${t}: ${model} by ${by} gives ${sum}, not ${wanted}`)
    }
}
console.log(
  JSON.stringify({
    journeys: count,
    tenants,
    touches_a_journey: Number((touches / count).toFixed(2)),
    seconds: Number(seconds.toFixed(2)),
    journeys_a_second: Math.round(count / seconds),
    changes_a_second: Math.round((count * (1 + 2 / AGAIN)) / seconds),
    peak_rss_mib: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
