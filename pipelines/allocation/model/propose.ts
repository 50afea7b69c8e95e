import { type Expected, marginal, result } from './curve.ts'
import { type Curve, type Evidence, fit } from './fit.ts'
import { type Gain, gain } from './gain.ts'
import { type CampaignHistory, type Held, heldBecause } from './history.ts'
import { type Learning, learningPlan } from './learning.ts'
import { type Bounded, rounded, scaled, split, totalAt } from './split.ts'

/** A campaign that a budget is split over. Spends are of a week, in minor units of its currency. */
export interface Candidate {
  readonly history: CampaignHistory
  /** Mean of the last 14 days × 7. */
  readonly present: number
  /** Share of its budget that was spent in them; null: its budget is not known. */
  readonly spentShare: number | null
  readonly floor: number | null
  readonly ceiling: number | null
  readonly goal: 'REVENUE' | 'CONVERSIONS'
  readonly currency: string
  /** Of its platform, for actions that raise risk. */
  readonly gate: 'PASS' | 'HOLD' | 'BLOCK'
}

export interface Request {
  readonly candidates: readonly Candidate[]
  /** Of a week, whole minor units; null: what is spent now. */
  readonly budget: number | null
  /** The enforcement's limit of a day: .2. */
  readonly dailyLimit: number
  /** Contribution margin, 0 to 1; null: not known. */
  readonly margin: number | null
  /** Of the learning plan's draw. */
  readonly seed: string
}

/** Why there is no answer at all. */
export type Refusal =
  | 'GATE_BLOCKED'
  | 'NOTHING_TO_MOVE'
  | 'INFEASIBLE'
  | 'MIXED_GOALS'
  | 'MIXED_CURRENCY'
  | 'RECENT_BREAK'

/** What keeps a split from being proposed, or is to be said with it. */
export type Remark = 'GATE_HOLD' | 'NO_CLEAR_GAIN' | 'NO_VARIATION' | 'BUDGET_TOO_LARGE' | 'LEVEL_RESTARTED'

export interface Line {
  readonly campaign: string
  readonly held: Held | null
  readonly before: number
  /** What the gain is counted against: `before`, scaled to the budget where that is another than what is spent now. */
  readonly scaled: number
  readonly after: number
  readonly evidence: Evidence | null
  readonly result: Expected | null
  readonly marginal: Expected | null
  /** Of the gain; null: it is as in the present split. */
  readonly share: Gain | null
}

export interface Allocation {
  readonly budget: number
  readonly lines: readonly Line[]
  readonly lambda: number
  /** Over the present split, scaled to the budget: what is gained by moving, not by spending more or less. */
  readonly gain: Gain
  /** What the split changes in all, where the budget is another than what is spent now; null: it is not. */
  readonly change: Gain | null
  readonly remarks: readonly Remark[]
  /** Whether rules may queue it. */
  readonly isProposed: boolean
  /** The total at which the next unit brings just what it costs; null: the margin is not known, or it is not reached. */
  readonly worthwhile_budget: number | null
  readonly learning: Learning[] | null
  /** Results are as platforms report them: no experiment says what ads alone brought. */
  readonly reported_not_incremental: boolean
}

export interface Refused {
  readonly reason: Refusal
  /** INFEASIBLE: how far the budget is out of reach, and in how many days the limit lets it be reached; null: never. */
  readonly excess?: number
  readonly days?: number | null
}

const CLEAR = 0.8
const BROKEN_SHARE = 1 / 3
/** A longer plan: from half to double the present spend, a step at most every three days. */
const PLAN = [0.5, 2] as const
const DAYS_A_STEP = 3
const MOST_STEPS = 100

/**
 * The best split of a budget, or why there is none (allocation.md §3 and §4). It proposes and never writes. A budget other
 * than what is spent now is judged against the present split scaled to it: a cut loses against what is spent now however
 * well it is split.
 * @param curves of the candidates, where they are known already (`curvesOf`)
 */
export function propose(
  request: Request,
  curves: ReadonlyMap<string, Curve> | null = null,
): Allocation | Refused {
  const { candidates, dailyLimit } = request
  if (candidates.some(c => c.gate === 'BLOCK')) return { reason: 'GATE_BLOCKED' }
  if (new Set(candidates.map(c => c.goal)).size > 1) return { reason: 'MIXED_GOALS' }
  if (new Set(candidates.map(c => c.currency)).size > 1) return { reason: 'MIXED_CURRENCY' }
  const held = candidates.map(c => heldReason(c))
  if (held.filter(reason => reason === null).length < 2) return { reason: 'NOTHING_TO_MOVE' }
  const spent = candidates.reduce((sum, c) => sum + c.present, 0)
  const budget = request.budget ?? Math.round(spent)
  const bounds = candidates.map((c, i) => boundsOf(c, held[i]!, dailyLimit))
  const excess = excessOf(budget, bounds)
  if (excess !== 0)
    return { reason: 'INFEASIBLE', excess, days: daysUntil(candidates, held, budget, dailyLimit) }
  const fitted = curves ?? curvesOf(candidates)
  const broken = candidates.filter(c => fitted.get(c.history.campaign)?.level.isRestarted)
  if (broken.reduce((sum, c) => sum + c.present, 0) > BROKEN_SHARE * spent) return { reason: 'RECENT_BREAK' }
  return answer(request, { held, bounds, curves: fitted, budget })
}

/** Why a campaign stays at its present spend. One that has not spent lately has none to move from. */
export const heldReason = ({ history, spentShare, present }: Candidate): Held | null =>
  heldBecause(history, spentShare) ?? (present > 0 ? null : 'SHORT_HISTORY')

/** Curves by campaign, of those that are known well enough to be moved. */
export function curvesOf(candidates: readonly Candidate[]): Map<string, Curve> {
  const known = candidates.filter(c => isMovable(heldReason(c)) && c.present > 0)
  return new Map(fit(known.map(c => c.history)).map(curve => [curve.series.campaign, curve]))
}

const isMovable = (held: Held | null): boolean => held === null || held === 'NOT_BUDGET_LIMITED'

interface Bounds {
  readonly lower: number
  readonly upper: number
}

function boundsOf(c: Candidate, held: Held | null, limit: number, range?: readonly [number, number]): Bounds {
  const { present } = c
  if (!isMovable(held)) return { lower: present, upper: present }
  const [least, most] = range ?? [1 - limit, 1 + limit]
  const ceiling = held === 'NOT_BUDGET_LIMITED' ? present : (c.ceiling ?? Number.POSITIVE_INFINITY)
  // A present spend beyond a floor or ceiling is no reason to jump there: it may stay. Whole units within the bounds only.
  const lower = Math.min(present, Math.ceil(Math.max(c.floor ?? 0, present * least) - EXACT))
  return { lower, upper: Math.max(present, Math.floor(Math.min(ceiling, present * most) + EXACT)) }
}

/** 700 × 1.2 is 839.9999999999999. */
const EXACT = 1e-6

/** Above 0: more than all may spend; below 0: less. */
function excessOf(budget: number, bounds: readonly Bounds[]): number {
  const least = bounds.reduce((sum, b) => sum + b.lower, 0)
  const most = bounds.reduce((sum, b) => sum + b.upper, 0)
  // Half a minor unit is rounding.
  if (budget > most + 0.5) return budget - most
  return budget < least - 0.5 ? budget - least : 0
}

function daysUntil(
  candidates: readonly Candidate[],
  held: readonly (Held | null)[],
  budget: number,
  limit: number,
): number | null {
  for (let steps = 1; steps <= MOST_STEPS; steps++) {
    const range = [Math.max(PLAN[0], (1 - limit) ** steps), Math.min(PLAN[1], (1 + limit) ** steps)] as const
    const bounds = candidates.map((c, i) => boundsOf(c, held[i]!, limit, range))
    if (excessOf(budget, bounds) === 0) return 1 + DAYS_A_STEP * (steps - 1)
  }
  return null
}

interface Worked {
  readonly held: readonly (Held | null)[]
  readonly bounds: readonly Bounds[]
  readonly curves: ReadonlyMap<string, Curve>
  readonly budget: number
}

function answer({ candidates, margin, seed }: Request, { held, bounds, curves, budget }: Worked): Allocation {
  const order = candidates
    .map((candidate, i) => ({ candidate, i, curve: curves.get(candidate.history.campaign) }))
    .sort((a, b) => (a.candidate.history.campaign < b.candidate.history.campaign ? -1 : 1))
  const movable = order.flatMap(({ candidate: { present }, i, curve }) =>
    curve ? [{ curve, present, ...bounds[i]! }] : [],
  )
  const still = order.reduce((sum, { candidate, curve }) => (curve ? sum : sum + candidate.present), 0)
  const made = split(movable, budget - still)
  const whole = (spends: readonly number[]) =>
    rounded(
      spends,
      budget - still,
      movable.map(one => one.upper),
    )
  const spends = whole(made.spends)
  // Half a minor unit is rounding.
  const isPresent = Math.abs(budget - candidates.reduce((sum, c) => sum + c.present, 0)) <= 0.5
  const bases = isPresent ? movable.map(one => one.present) : whole(scaled(movable, budget - still))
  const moves = new Map(
    movable.map(({ curve, present }, k) => [
      curve.series.campaign,
      { curve, present, from: bases[k]!, to: spends[k]! },
    ]),
  )
  const changes = [...moves.values()].filter(({ from, to }) => to !== from)
  const all = gain(changes)
  const changed = new Map(changes.map(change => [change.curve, change]))
  const remarks = remarksOf(candidates, [...curves.values()], made.lambda, margin, all)
  const isAdvice = remarks.some(r => r === 'GATE_HOLD' || r === 'NO_CLEAR_GAIN' || r === 'NO_VARIATION')
  return {
    budget,
    lines: order.map(({ candidate: { history, present }, i, curve }) => {
      const change = curve && changed.get(curve)
      const { from, to: after } = moves.get(history.campaign) ?? { from: present, to: present }
      return {
        campaign: history.campaign,
        held: held[i]!,
        before: present,
        scaled: from,
        after,
        evidence: curve?.evidence ?? null,
        result: curve && after > 0 ? result(curve, after) : null,
        marginal: curve && after > 0 ? marginal(curve, after) : null,
        share: change ? gain([change]) : null,
      }
    }),
    lambda: made.lambda,
    gain: all,
    change: isPresent ? null : gain([...moves.values()].map(move => ({ ...move, from: move.present }))),
    remarks,
    isProposed: !isAdvice && changes.length > 0,
    worthwhile_budget: worthwhile(movable, margin, still),
    learning: remarks.includes('NO_VARIATION')
      ? learningPlan(
          movable.map(m => m.curve),
          candidates,
          seed,
        )
      : null,
    reported_not_incremental: candidates.some(c => c.history.incrementality === null),
  }
}

function remarksOf(
  candidates: readonly Candidate[],
  curves: readonly Curve[],
  lambda: number,
  margin: number | null,
  made: Gain,
): Remark[] {
  const isRevenue = candidates[0]!.goal === 'REVENUE'
  const isTooLarge = isRevenue && margin !== null && margin > 0 && lambda < 1 / margin
  return [
    ...(candidates.some(c => c.gate === 'HOLD') ? (['GATE_HOLD'] as const) : []),
    ...(made.probability === null || made.probability < CLEAR ? (['NO_CLEAR_GAIN'] as const) : []),
    ...(curves.every(curve => curve.evidence === 'PRIOR') ? (['NO_VARIATION'] as const) : []),
    ...(isTooLarge ? (['BUDGET_TOO_LARGE'] as const) : []),
    ...(curves.some(curve => curve.level.isRestarted) ? (['LEVEL_RESTARTED'] as const) : []),
  ]
}

const worthwhile = (movable: readonly Bounded[], margin: number | null, still: number): number | null =>
  margin === null || !(margin > 0) ? null : Math.round(still + totalAt(movable, 1 / margin))
