import type { BaseRecord } from '../../engine/codec/kind.ts'
import type { AllocationMade, ResponseCurve } from './kinds.ts'
import { marginal, result } from './model/curve.ts'
import { explain } from './model/explain.ts'
import type { Curve } from './model/fit.ts'
import { usedWeeks } from './model/history.ts'
import { budgetFor, type Member, type Portfolio } from './model/portfolio.ts'
import {
  type Allocation,
  curvesOf,
  heldReason,
  type Line,
  propose,
  type Refused,
  type Request,
} from './model/propose.ts'

type Written = keyof BaseRecord | 'allocation_id' | 'revision' | 'settled_until'

/** A campaign in an answer, with the row that tells of it but for what all rows of a fit have. */
export interface Fitted {
  readonly member: Member
  readonly row: Omit<ResponseCurve, Written>
}

/** An answer about a portfolio, and the rows that tell of it. */
export interface Answered {
  readonly made: Allocation | Refused | null
  readonly row: Omit<AllocationMade, Written>
  readonly curves: readonly Fitted[]
}

export type Asked = Pick<Request, 'dailyLimit' | 'margin' | 'seed'> & { readonly unit: number }

/** The best split of what a portfolio spends now. Where signals are not trusted at all, nothing is fitted or said. */
export function answered(portfolio: Portfolio, asked: Asked): Answered {
  const { members, currency } = portfolio
  const candidates = members.map(({ candidate }) => candidate)
  const isMixed = currency === null
  const isBlocked = candidates.some(({ gate }) => gate === 'BLOCK')
  const curves = isMixed || isBlocked ? new Map<string, Curve>() : curvesOf(candidates)
  const made = isMixed ? null : propose({ ...asked, candidates, budget: null }, curves)
  const lines = new Map(made && 'lines' in made ? made.lines.map(line => [line.campaign, line]) : [])
  return {
    made,
    row: allocationRow(portfolio, made, asked.unit),
    curves: isBlocked
      ? []
      : members.map(member => ({
          member,
          row: curveRow(portfolio, member, {
            curve: curves.get(member.entity) ?? null,
            line: lines.get(member.entity) ?? null,
            unit: asked.unit,
          }),
        })),
  }
}

/** What a result of the goal comes to in millionths, from minor units or conversions. */
const scaleOf = ({ goal }: Portfolio, unit: number): number => (goal === 'REVENUE' ? unit : 1e6)

const inMicros = (value: number | null | undefined, scale: number): number | null =>
  value === null || value === undefined ? null : Math.round(value * scale)

/** What a minor unit brings, as what a major one brings: of conversions a hundred times as many. */
const perMajor = ({ goal }: Portfolio, unit: number): number => (goal === 'REVENUE' ? 1 : 1e6 / unit)

function curveRow(
  portfolio: Portfolio,
  { campaign, candidate }: Member,
  { curve, line, unit }: { readonly curve: Curve | null; readonly line: Line | null; readonly unit: number },
): Omit<ResponseCurve, Written> {
  const { goal, currency } = portfolio
  const { history, present } = candidate
  const used = usedWeeks(history.weeks)
  const scale = scaleOf(portfolio, unit)
  const f = curve && result(curve, present)
  const slope = curve && marginal(curve, present)
  const per = perMajor(portfolio, unit)
  const { platform, account_id, campaign_id } = campaign.subject!
  return {
    platform,
    account_id: account_id!,
    campaign_id: campaign_id!,
    name: campaign.name,
    goal,
    currency,
    weeks: used.length,
    conversions: used.reduce((sum, week) => sum + week.conversions, 0),
    follows_results: history.followsResults,
    held: currency === null ? 'MIXED_CURRENCY' : heldReason(candidate),
    evidence: curve?.evidence ?? null,
    elasticity: curve?.elasticity ?? null,
    elasticity_sd: curve?.sd ?? null,
    elasticity_prior_sd: curve?.priorSd ?? null,
    level_restarted: curve?.level.isRestarted ?? null,
    reference_spend_micros: inMicros(curve?.series.reference, unit),
    spend_micros: present * unit,
    result_micros: inMicros(f?.mean, scale),
    result_lower_micros: inMicros(f?.lower, scale),
    result_upper_micros: inMicros(f?.upper, scale),
    marginal: slope && slope.mean * per,
    marginal_lower: slope && slope.lower * per,
    marginal_upper: slope && slope.upper * per,
    proposed_spend_micros: inMicros(line?.after, unit),
    budget_micros: campaign.budget_kind === 'daily' ? campaign.budget_micros : null,
    proposed_budget_micros: line && budgetFor(campaign, line.before, line.after, unit),
    gain_micros: inMicros(line?.share?.mean, scale),
    gain_lower_micros: inMicros(line?.share?.lower, scale),
    gain_upper_micros: inMicros(line?.share?.upper, scale),
  }
}

function allocationRow(
  portfolio: Portfolio,
  made: Allocation | Refused | null,
  unit: number,
): Omit<AllocationMade, Written> {
  const { goal, currency, members } = portfolio
  const candidates = members.map(({ candidate }) => candidate)
  const split = made && 'lines' in made ? made : null
  const refused = made && 'reason' in made ? made : null
  const scale = scaleOf(portfolio, unit)
  const isMixed = currency === null
  return {
    goal,
    currency,
    campaigns: members.length,
    held: isMixed ? members.length : candidates.filter(one => heldReason(one) !== null).length,
    is_proposed: split?.isProposed ?? false,
    reasons: isMixed ? ['MIXED_CURRENCY'] : (split?.remarks ?? [refused!.reason]),
    budget_micros: candidates.reduce((sum, { present }) => sum + present, 0) * unit,
    excess_micros: inMicros(refused?.excess, unit),
    reachable_in_days: refused?.days ?? null,
    gain_micros: inMicros(split?.gain.mean, scale),
    gain_lower_micros: inMicros(split?.gain.lower, scale),
    gain_upper_micros: inMicros(split?.gain.upper, scale),
    gain_probability: split?.gain.probability ?? null,
    lambda: split && split.lambda * perMajor(portfolio, unit),
    worthwhile_budget_micros: goal === 'REVENUE' ? inMicros(split?.worthwhile_budget, unit) : null,
    reported_not_incremental: candidates.some(({ history }) => history.incrementality === null),
    learning: split?.learning ? JSON.stringify(split.learning) : null,
    explanation: explained(portfolio, made, unit),
  }
}

function explained({ goal, currency, members }: Portfolio, made: Allocation | Refused | null, unit: number) {
  if (made === null || currency === null) return 'These campaigns have rows of several currencies each.'
  const names = new Map(members.map(({ entity, campaign }) => [entity, campaign.name ?? entity]))
  const digits = Math.round(Math.log10(1e6 / unit))
  const amount = (weekly: number) => `${((weekly * unit) / 7e6).toFixed(digits)} ${currency}`
  const conversions = (weekly: number) => `${(weekly / 7).toFixed(1)} conversions`
  return explain(named(made, names), amount, goal === 'REVENUE' ? amount : conversions)
}

/** As people call its campaigns. */
const named = (made: Allocation | Refused, names: ReadonlyMap<string, string>): Allocation | Refused =>
  'lines' in made
    ? { ...made, lines: made.lines.map(line => ({ ...line, campaign: names.get(line.campaign)! })) }
    : made
