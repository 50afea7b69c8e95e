import { minorDigits } from '../../engine/currency.ts'
import { marginal } from '../../pipelines/allocation/model/curve.ts'
import { gain } from '../../pipelines/allocation/model/gain.ts'
import { portfoliosOf } from '../../pipelines/allocation/model/portfolio.ts'
import { curvesOf, heldReason } from '../../pipelines/allocation/model/propose.ts'
import { split } from '../../pipelines/allocation/model/split.ts'
import { weekOf } from '../../pipelines/allocation/model/weeks.ts'
import { best, inProportion, type Place } from './splits.ts'
import { FIRST_DAY, type Known, WEEKS, worldOf } from './world.ts'

/**
 * The split of a budget on the simulated tenant beside its hidden truth: gains in % of what its ads truly brought, the same
 * budget and the same bounds for all splits. A line a kind of shop. Usage: truth.js [SEEDS] [SEEDS OF LARGE SHOPS]. Prints Markdown; a row
 * fails where another split is better than ours, or ours loses, or an interval of 90 % covers less than .80.
 */
const seeds = Number(process.argv[2] ?? 10)
const ofLarge = Number(process.argv[3] ?? 5)
const CLEAR = 0.8

interface Shop {
  readonly name: string
  readonly people: number
  /** Told κ of each, as an experiment would have said it. */
  readonly told?: 'platform' | 'campaign'
  /** Whether budgets that are not spent hold a campaign, as the tenant's do. */
  readonly isLimited: boolean
}

const SHOPS: readonly Shop[] = [
  { name: 'the demo, its budgets as they are', people: 180, isLimited: true },
  { name: 'the demo, all budgets used up', people: 180, isLimited: false },
  { name: 'the same, told κ of each platform', people: 180, told: 'platform', isLimited: false },
  { name: 'the same, told κ of each campaign', people: 180, told: 'campaign', isLimited: false },
  { name: 'ten times its people', people: 1_800, isLimited: false },
  { name: 'ten times, told κ of each platform', people: 1_800, told: 'platform', isLimited: false },
  { name: 'ten times, told κ of each campaign', people: 1_800, told: 'campaign', isLimited: false },
]
const RANGES = [
  [0.8, 1.2],
  [0.5, 2],
] as const
const SPLITS = ['best', 'this', 'by revenue', 'by ROAS', 'even'] as const

/** Gains of one world by split, % of what ads truly brought; null: refused. */
interface Gains {
  readonly of: Readonly<Record<(typeof SPLITS)[number], number>>
  /** Ours in % of what platforms claim, by their own claims. */
  readonly claimed: number
  readonly probability: number | null
  readonly coversClaimed: boolean
  readonly coversCaused: boolean
}

interface World {
  readonly held: number
  readonly campaigns: number
  readonly slopes: readonly { readonly claimed: boolean; readonly caused: boolean }[]
  readonly gains: readonly (Gains | null)[]
}

const worlds = new Map<string, Known[]>()
function known(seed: number, people: number): Known[] {
  const key = `${seed} ${people}`
  const found = worlds.get(key) ?? worldOf(seed, people)
  worlds.set(key, found)
  return found
}

function measured(seed: number, { people, told, isLimited }: Shop): World {
  const all = known(seed, people)
  const byEntity = new Map(all.map(one => [one.entity, one]))
  const campaigns = all.map(({ entity, campaign }) => ({
    entity,
    campaign: isLimited ? campaign : { ...campaign, budget_micros: null },
  }))
  const [portfolio] = portfoliosOf(campaigns, {
    week: weekOf(FIRST_DAY) + WEEKS - 1,
    gates: {},
    told: { follows_results: [], incrementality: kappasOf[told ?? 'none'](all), margin: null, limits: {} },
    unitOf: currency => 10 ** (6 - minorDigits(currency)),
  })
  const candidates = portfolio!.members.map(({ candidate }) => candidate)
  const curves = curvesOf(candidates)
  const truths = portfolio!.members.map(({ entity }) => byEntity.get(entity)!)
  const brought = all.reduce((sum, one) => sum + one.weekly, 0)
  const claims = all.reduce((sum, one) => sum + one.weeklyClaimed, 0)
  const slopes = candidates.flatMap(({ history, present }, i) => {
    const curve = curves.get(history.campaign)
    if (!curve) return []
    const { lower, upper } = marginal(curve, present)
    const covers = (worth: number) => worth >= lower && worth <= upper
    return [{ claimed: covers(truths[i]!.claimed), caused: covers(truths[i]!.caused) }]
  })
  const held = candidates.map(heldReason)
  const gains = RANGES.map(([least, most]) => {
    if (held.filter(reason => reason === null).length < 2) return null
    const places = candidates.map(({ present }, i): Place => {
      const isFixed = held[i] !== null && held[i] !== 'NOT_BUDGET_LIMITED'
      const upper = held[i] === null ? present * most : present
      return { present, lower: isFixed ? present : present * least, upper }
    })
    const movable = candidates.flatMap(({ history }, i) => {
      const curve = curves.get(history.campaign)
      return curve ? [{ curve, i, ...places[i]! }] : []
    })
    const ours = places.map(({ present }) => present)
    const { spends } = split(
      movable,
      movable.reduce((sum, { present }) => sum + present, 0),
    )
    for (const [k, { i }] of movable.entries()) ours[i] = spends[k]!
    const made = {
      best: best(
        places,
        truths.map(one => one.caused),
      ),
      this: ours,
      'by revenue': inProportion(
        places,
        truths.map((one, i) => one.claimed * places[i]!.present),
      ),
      'by ROAS': inProportion(
        places,
        truths.map(one => one.claimed),
      ),
      even: inProportion(
        places,
        places.map(() => 1),
      ),
    }
    const worth = (after: readonly number[], of: 'caused' | 'claimed') =>
      after.reduce((sum, x, i) => sum + (x - places[i]!.present) * truths[i]![of], 0)
    const predicted = gain(movable.map(({ curve, i, present }) => ({ curve, from: present, to: ours[i]! })))
    const covers = (truly: number) => truly >= predicted.lower && truly <= predicted.upper
    return {
      of: Object.fromEntries(
        SPLITS.map(name => [name, (100 * worth(made[name], 'caused')) / brought]),
      ) as Gains['of'],
      claimed: (100 * worth(ours, 'claimed')) / claims,
      probability: predicted.probability,
      coversClaimed: covers(worth(ours, 'claimed')),
      coversCaused: covers(worth(ours, 'caused')),
    }
  })
  return { held: held.filter(reason => reason !== null).length, campaigns: held.length, slopes, gains }
}

const kappasOf = {
  none: () => ({}),
  platform: (all: readonly Known[]) => kappas(all),
  campaign: (all: readonly Known[]) =>
    Object.fromEntries(
      all.flatMap(one => (one.caused > 0 ? [[one.entity, one.caused / one.claimed]] : [])),
    ) as Record<string, number>,
}

/** What of a platform's claims its ads truly brought. */
function kappas(all: readonly Known[]): Record<string, number> {
  const sums = new Map<string, { caused: number; claimed: number }>()
  for (const { campaign, weekly, weeklyClaimed } of all) {
    const { platform } = campaign.subject!
    const sum = sums.get(platform) ?? { caused: 0, claimed: 0 }
    sums.set(platform, {
      caused: sum.caused + weekly,
      claimed: sum.claimed + weeklyClaimed,
    })
  }
  return Object.fromEntries(
    [...sums].flatMap(([name, { caused, claimed }]) => (claimed > 0 ? [[name, caused / claimed]] : [])),
  )
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const shown = (values: readonly number[], digits = 2): string =>
  values.length === 0 ? '–' : mean(values).toFixed(digits)
const share = (values: readonly boolean[]): string => shown(values.map(Number)).replace(/^0/, '')

console.log(
  `| shop | bounds | best possible | this | ∝ ROAS·spend | ∝ ROAS | even | this, as claimed | clear | 90 % covers claimed f′ | caused f′ | claimed gain | caused gain | held | fails |`,
)
console.log(`|${'---|'.repeat(15)}`)
for (const shop of SHOPS) {
  const count = shop.people > 1_000 ? ofLarge : seeds
  const all = Array.from({ length: count }, (_, i) => measured(i + 1, shop))
  const slopes = all.flatMap(world => world.slopes)
  for (const [r, [least, most]] of RANGES.entries()) {
    const gains = all.flatMap(world => (world.gains[r] ? [world.gains[r]] : []))
    const of = (name: (typeof SPLITS)[number]) => gains.map(one => one.of[name])
    const ours = mean(of('this'))
    const better = SPLITS.slice(2).filter(name => mean(of(name)) > ours)
    const covers = gains.map(one => one.coversClaimed)
    const fails = [
      ...(gains.length === 0 ? ['nothing to move'] : []),
      ...(ours < 0 ? ['loses'] : []),
      ...better.map(name => `${name} is better`),
      ...(mean(slopes.map(one => Number(one.claimed))) < CLEAR ? ['f′'] : []),
      ...(mean(covers.map(Number)) < CLEAR ? ['gain'] : []),
    ]
    const clear = gains.map(one => (one.probability ?? 0) >= CLEAR)
    console.log(
      `| ${[
        ...[`${shop.name} (${count} seeds)`, least === 0.8 ? '±20 %' : `[${least}x, ${most}x]`],
        ...SPLITS.map(name => (name === 'this' ? `**${shown(of(name))}**` : shown(of(name)))),
        shown(gains.map(one => one.claimed)),
        ...[share(clear), share(slopes.map(s => s.claimed)), share(slopes.map(s => s.caused))],
        ...[share(covers), share(gains.map(one => one.coversCaused))],
        `${shown(
          all.map(world => world.held),
          1,
        )} of ${shown(
          all.map(world => world.campaigns),
          1,
        )}`,
        fails.join(', ') || '',
      ].join(' | ')} |`,
    )
  }
}
