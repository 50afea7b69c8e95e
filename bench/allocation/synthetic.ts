import type { CampaignHistory } from '../../pipelines/allocation/model/history.ts'
import type { Candidate } from '../../pipelines/allocation/model/propose.ts'
import { chance } from '../../plugins/simulator/random.ts'

/** How worlds of a kind differ from the base (allocation.md §5). */
export interface Kind {
  readonly name: string
  /** Share of the campaigns that vary their spend by 30 % a week; the others vary by 2 %, or not at all. */
  readonly varied?: number
  readonly isStill?: boolean
  /** Mean elasticity at the usual spend. */
  readonly elasticity?: number
  /** Slopes of the Hill curves. */
  readonly slopes?: readonly [number, number]
  /** A third of the campaigns doubled or halved last week. */
  readonly breaks?: boolean
  /** Spend follows the campaign's own demand. */
  readonly chases?: boolean
  /** And that is known. */
  readonly isTold?: boolean
}

export interface Campaign {
  readonly candidate: Candidate
  /** Result of a week with so much spend a week, in the days to come. */
  result(spend: number): number
}

const DAYS = 119
const CAMPAIGNS = 30
const PLATFORMS = ['meta', 'google', 'tiktok']
const ADSTOCK = 0.3
const ORDER = 60
const WEEKDAYS = [1.25, 0.94, 0.88, 0.9, 0.95, 1, 1.08]

/** Sales of a day that are `mean` on average. */
function poisson(mean: number, random: ReturnType<typeof chance>): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()))
  let product = random.next()
  let n = 0
  for (const end = Math.exp(-mean); product > end; n++) product *= random.next()
  return n
}

/** Campaigns whose true curves are known: adstock, weekdays, a season that spend follows, drift, Poisson sales. */
export function campaignsOf(seed: number, kind: Kind): Campaign[] {
  const shared = chance(seed, 'season')
  const phase = shared.next() * 2 * Math.PI
  const season = (day: number) => Math.exp(0.15 * Math.sin((2 * Math.PI * day) / 90 + phase))
  return Array.from({ length: CAMPAIGNS }, (_, i) => campaignOf(seed, i, kind, season))
}

function campaignOf(seed: number, i: number, kind: Kind, season: (day: number) => number): Campaign {
  const { varied = 0, isStill = false, elasticity = 0.55, slopes = [0.7, 1.3] } = kind
  // What is known of a world changes nothing of it.
  const random = chance(seed, kind.chases ? 'chasing' : kind.name, String(i))
  const usual = 100 * Math.exp(0.8 * random.normal())
  const roas = 2.5 * Math.exp(0.4 * random.normal())
  const slope = slopes[0] + (slopes[1] - slopes[0]) * random.next()
  const at = Math.min(0.95 * slope, Math.max(0.1, elasticity + 0.12 * random.normal()))
  // Of xʰ/(kʰ + xʰ) the elasticity is h·kʰ/(kʰ + xʰ).
  const half = usual * (at / (slope - at)) ** (1 / slope)
  const hill = (x: number) => x ** slope / (half ** slope + x ** slope)
  const most = (usual * roas) / hill(usual)
  const step = random.next() < varied ? 0.3 : isStill ? 0 : 0.02
  const broken = kind.breaks && random.next() < 1 / 3 ? (random.next() < 0.5 ? 2 : 0.5) : 1
  const weeks: { week: number; spend: number; result: number; conversions: number }[] = []
  let [level, stock, factor] = [1, usual, 1]
  for (let day = 0; day < DAYS; day++) {
    if (day % 7 === 0) {
      factor = Math.exp(step * random.normal()) * (kind.chases ? level : 1)
      weeks.push({ week: day / 7, spend: 0, result: 0, conversions: 0 })
    }
    level *= Math.exp((kind.chases ? 0.03 : 0.01) * random.normal())
    const demand = season(day) * WEEKDAYS[day % 7]!
    const spend = usual * factor * season(day) ** 0.5
    stock = (1 - ADSTOCK) * spend + ADSTOCK * stock
    const sudden = day >= DAYS - 7 ? broken : 1
    const sales = poisson((most * hill(stock) * demand * level * sudden) / ORDER, random)
    const week = weeks.at(-1)!
    week.spend += spend
    week.result += sales * ORDER
    week.conversions += sales
  }
  const history: CampaignHistory = {
    campaign: `c${String(i).padStart(2, '0')}`,
    platform: PLATFORMS[i % PLATFORMS.length]!,
    weeks,
    followsResults: kind.isTold ?? false,
    incrementality: null,
  }
  const ahead = Array.from({ length: 28 }, (_, n) => season(DAYS + n)).reduce((a, b) => a + b, 0) / 28
  return {
    candidate: {
      ...{ history, present: Math.round((weeks.at(-1)!.spend + weeks.at(-2)!.spend) / 2), spentShare: null },
      ...{ floor: null, ceiling: null, goal: 'REVENUE', currency: 'EUR', gate: 'PASS' },
    },
    result: spend => 7 * most * hill(spend / 7) * ahead * level * broken,
  }
}
