import { marginal } from '../../pipelines/allocation/model/curve.ts'
import { gain } from '../../pipelines/allocation/model/gain.ts'
import { curvesOf } from '../../pipelines/allocation/model/propose.ts'
import { split } from '../../pipelines/allocation/model/split.ts'
import { inProportion, type Place } from './splits.ts'
import { type Campaign, campaignsOf, type Kind } from './synthetic.ts'

/**
 * The table of allocation.md §5: what a split of the present budget adds over the next 28 days, in % of the present result,
 * where the true curves are known. Usage: curves.js [WORLDS]. Prints Markdown.
 */
const worlds = Number(process.argv[2] ?? 20)
const KINDS: readonly Kind[] = [
  { name: 'base' },
  { name: 'still: nobody varies', isStill: true },
  { name: 'varied: 70 % vary by 30 %', varied: 0.7 },
  { name: 'near linear (elasticity .80)', elasticity: 0.8, slopes: [0.9, 1.3] },
  { name: 'saturated (.24)', elasticity: 0.24 },
  { name: 'break: a third ×2 or ×½ last week', breaks: true },
  { name: 'S-shaped (slope 1.3–2.2)', slopes: [1.3, 2.2], elasticity: 0.9 },
  { name: 'chasing: spend follows own demand', chases: true },
  { name: 'chasing: spend follows own demand, told', chases: true, isTold: true },
]
const RANGES = [
  [0.8, 1.2],
  [0.5, 2],
] as const
const MOVES = 3_000

const total = (spends: readonly number[]): number => spends.reduce((sum, spend) => sum + spend, 0)

/** Budget moved bit by bit from where it brings least to where it brings most. */
function best(campaigns: readonly Campaign[], places: readonly Place[]): number[] {
  const spends = places.map(({ present }) => present)
  const bit = total(spends) / MOVES
  const more = campaigns.map((one, i) => one.result(spends[i]! + bit) - one.result(spends[i]!))
  const less = campaigns.map((one, i) => one.result(spends[i]!) - one.result(spends[i]! - bit))
  for (let n = 0; n < MOVES; n++) {
    let [from, to] = [-1, -1]
    for (const [i, { lower, upper }] of places.entries()) {
      if (spends[i]! + bit <= upper && (to < 0 || more[i]! > more[to]!)) to = i
      if (spends[i]! - bit >= lower && (from < 0 || less[i]! < less[from]!)) from = i
    }
    if (from < 0 || to < 0 || from === to || more[to]! <= less[from]!) break
    for (const [i, step] of [
      [from, -bit],
      [to, bit],
    ] as const) {
      spends[i]! += step
      const now = campaigns[i]!.result(spends[i]!)
      more[i] = campaigns[i]!.result(spends[i]! + bit) - now
      less[i] = now - campaigns[i]!.result(spends[i]! - bit)
    }
  }
  return spends
}

interface Measured {
  readonly gains: readonly (readonly number[])[]
  readonly covers: readonly boolean[]
  readonly slopes: readonly boolean[]
}

function measured(seed: number, kind: Kind): Measured {
  const campaigns = campaignsOf(seed, kind)
  const curves = curvesOf(campaigns.map(({ candidate }) => candidate))
  const present = campaigns.map(({ candidate }) => candidate.present)
  const result = (spends: readonly number[]) =>
    campaigns.reduce((sum, one, i) => sum + one.result(spends[i]!), 0)
  const before = result(present)
  const slopes = campaigns.flatMap(({ candidate, result: truth }, i) => {
    const curve = curves.get(candidate.history.campaign)
    if (!curve) return []
    const x = present[i]!
    const truly = (truth(x * 1.001) - truth(x * 0.999)) / (0.002 * x)
    const { lower, upper } = marginal(curve, x)
    return [truly >= lower && truly <= upper]
  })
  const covers: boolean[] = []
  const gains = RANGES.map(([least, most]) => {
    const places = campaigns.map(({ candidate }, i): Place => {
      const x = present[i]!
      const isHeld = !curves.has(candidate.history.campaign)
      return isHeld ? { present: x, lower: x, upper: x } : { present: x, lower: x * least, upper: x * most }
    })
    const movable = campaigns.flatMap(({ candidate }, i) => {
      const curve = curves.get(candidate.history.campaign)
      return curve ? [{ curve, i, ...places[i]! }] : []
    })
    const ours = [...present]
    const made = split(movable, total(movable.map(one => one.present)))
    for (const [k, { i }] of movable.entries()) ours[i] = made.spends[k]!
    const revenue = campaigns.map(({ candidate }) =>
      candidate.history.weeks.slice(-4).reduce((sum, week) => sum + week.result!, 0),
    )
    const predicted = gain(movable.map(({ curve, i }) => ({ curve, from: present[i]!, to: ours[i]! })))
    const added = result(ours) - before
    covers.push(added >= predicted.lower && added <= predicted.upper)
    const all = [
      best(campaigns, places),
      ours,
      inProportion(places, revenue),
      inProportion(
        places,
        present.map(() => 1),
      ),
    ]
    return all.map(spends => (100 * (result(spends) - before)) / before)
  })
  return { gains, covers, slopes }
}

const mean = (values: readonly number[]): number => total(values) / values.length
const share = (values: readonly boolean[]): string => mean(values.map(Number)).toFixed(2).replace(/^0/, '')

console.log(
  '| world | ±20 %: best | this | ∝ ROAS·spend | even | [.5x, 2x]: best | this | ∝ ROAS·spend | even | 90 % covers f′ | the gain | fails |',
)
console.log(`|${'---|'.repeat(12)}`)
for (const kind of KINDS) {
  const all = Array.from({ length: worlds }, (_, i) => measured(i + 1, kind))
  const gains = RANGES.map((_, r) => [0, 1, 2, 3].map(s => mean(all.map(world => world.gains[r]![s]!))))
  const slopes = all.flatMap(world => world.slopes)
  const covers = RANGES.map((_, r) => all.map(world => world.covers[r]!))
  const fails = [
    ...gains.flatMap(([, ours, revenue], r) =>
      revenue! > ours! ? [`∝ is better ${r === 0 ? 'within ±20 %' : 'wide'}`] : [],
    ),
    ...(mean(slopes.map(Number)) < 0.8 ? ['f′'] : []),
    ...(covers.some(one => mean(one.map(Number)) < 0.8) ? ['gain'] : []),
  ]
  const row = gains.flatMap(of => of.map((x, s) => (s === 1 ? `**${x.toFixed(2)}**` : x.toFixed(2))))
  console.log(
    `| ${[kind.name, ...row, share(slopes), covers.map(share).join('/'), fails.join(', ')].join(' | ')} |`,
  )
}
