import { type CampaignHistory, type Series, seriesOf, usedWeeks } from './history.ts'
import { type Level, levelOf, residualSquares } from './level.ts'
import { ELASTICITIES, MEAN_PRIOR, meanOf, normalised, PRIORS, sdOf } from './shape.ts'
import { weekEffects } from './week-effects.ts'

export type Evidence = 'OWN' | 'SHARED' | 'PRIOR'

/** A campaign's response curve, and how sure it is. */
export interface Curve {
  readonly series: Series
  /** p(b): what the elasticity at the reference spend may be. */
  readonly p: readonly number[]
  /** p(b) for each mean of the platform. */
  readonly pGiven: readonly (readonly number[])[]
  /** Weights of the platform's means: the same for all its campaigns. */
  readonly means: readonly number[]
  readonly elasticity: number
  readonly sd: number
  /** What it would be without the campaign's own history. */
  readonly priorSd: number
  readonly level: Level
  readonly evidence: Evidence
}

const ROUNDS = 3
const FIRST_ELASTICITY = 0.6
const OWN_SHARE = 0.8
const VARIED = 0.1

/**
 * Curves of campaigns, fitted together: a week's common move is taken out by the others, a platform's campaigns share what
 * their elasticities are about. Grid Bayes, no sampling: the same rows give the same bytes.
 * @param histories each with at least one used week and a result, of one goal and currency
 */
export function fit(histories: readonly CampaignHistory[]): Curve[] {
  // One after the other: a call has room for some ten thousand arguments only.
  const latest = histories.reduce(
    (last, h) => usedWeeks(h.weeks).reduce((most, w) => Math.max(most, w.week), last),
    Number.NEGATIVE_INFINITY,
  )
  // In one order, whatever order they come in: sums are the same to the last bit.
  const all = histories
    .map(history => seriesOf(history, latest))
    .sort((a, b) => (a.campaign < b.campaign ? -1 : a.campaign > b.campaign ? 1 : 0))
  let elasticity = all.map(() => FIRST_ELASTICITY)
  let effects: number[][] = []
  let shared: Shared[] = []
  for (let round = 0; round < ROUNDS; round++) {
    effects = weekEffects(all, elasticity)
    shared = share(all, effects)
    elasticity = shared.map(({ p }) => meanOf(p))
  }
  return all.map((series, i) => {
    const { p, pGiven, means, prior } = shared[i]!
    const [sd, priorSd] = [sdOf(p), sdOf(prior)]
    const level = levelOf(series, effects[i]!, p)
    const evidence = evidenceOf(series, sd, priorSd)
    return { series, p, pGiven, means, elasticity: elasticity[i]!, sd, priorSd, level, evidence }
  })
}

interface Shared {
  readonly p: number[]
  readonly pGiven: number[][]
  readonly means: number[]
  readonly prior: number[]
}

function share(all: readonly Series[], effects: readonly (readonly number[])[]): Shared[] {
  const likelihoods = all.map((series, i) => likelihoodOf(series, effects[i]!))
  const meansOf = new Map<string, number[]>()
  for (const platform of new Set(all.map(series => series.platform))) {
    const logs = PRIORS.map((prior, m) =>
      all.reduce(
        (sum, series, i) =>
          series.platform === platform ? sum + Math.log(dot(prior, likelihoods[i]!)) : sum,
        Math.log(MEAN_PRIOR[m]!),
      ),
    )
    const most = Math.max(...logs)
    meansOf.set(platform, normalised(logs.map(log => Math.exp(log - most))))
  }
  return all.map((series, i) => {
    const means = meansOf.get(series.platform)!
    const pGiven = PRIORS.map(prior => normalised(prior.map((q, k) => q * likelihoods[i]![k]!)))
    return { means, pGiven, p: averaged(pGiven, means), prior: averaged(PRIORS, means) }
  })
}

/** L(b), level and noise integrated out; its largest is 1. All 1 where spend follows results. */
function likelihoodOf(series: Series, effects: readonly number[]): number[] {
  if (series.followsResults) return ELASTICITIES.map(() => 1)
  const logs = ELASTICITIES.map(b => {
    const { squares, freedom } = residualSquares(series, effects, b)
    return (-freedom / 2) * Math.log(squares)
  })
  const most = Math.max(...logs)
  return logs.map(log => Math.exp(log - most))
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, k) => sum + x * b[k]!, 0)

const averaged = (rows: readonly (readonly number[])[], weights: readonly number[]): number[] =>
  ELASTICITIES.map((_, k) => rows.reduce((sum, row, m) => sum + weights[m]! * row[k]!, 0))

function evidenceOf({ followsResults, z }: Series, sd: number, priorSd: number): Evidence {
  if (followsResults) return 'PRIOR'
  if (sd <= OWN_SHARE * priorSd) return 'OWN'
  const mean = z.reduce((a, b) => a + b, 0) / z.length
  const spread = Math.sqrt(z.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, z.length - 1))
  return spread >= VARIED ? 'SHARED' : 'PRIOR'
}
