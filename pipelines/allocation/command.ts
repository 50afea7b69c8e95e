import type { Row } from '../../engine/cli/kit/index.ts'
import type { Model } from '../../engine/cli/model.ts'
import { minorDigits } from '../../engine/currency.ts'
import { StratumError } from '../../engine/errors.ts'
import { type Expected, marginal, result } from './model/curve.ts'
import { explain } from './model/explain.ts'
import type { Curve } from './model/fit.ts'
import type { Gain } from './model/gain.ts'
import { type CampaignHistory, usedWeeks } from './model/history.ts'
import { type Candidate, curvesOf, heldReason, type Line, propose } from './model/propose.ts'
import { scenario } from './model/scenario.ts'
import { campaignsOf, type FileCampaign } from './weeks-file.ts'

interface Options {
  readonly budget?: number
  readonly goal: 'revenue' | 'conversions'
  readonly scenario?: readonly string[]
  readonly dailyLimit: number
  readonly margin?: number
  readonly followsResults?: readonly string[]
}

/** Minor units of a major one, and what of a result makes the unit that is shown. */
interface Units {
  readonly money: number
  readonly result: number
  readonly currency: string
}

/** `stratum model allocation`: one document. Amounts are of a week, in major units. */
export const run: Model = async ({ args, options, signal }): Promise<Row> => {
  const asked = { dailyLimit: 0.2, ...options } as unknown as Options
  const file = args[0]!
  const campaigns = (await campaignsOf(file, signal)).sort((a, b) => (a.campaign < b.campaign ? -1 : 1))
  if (campaigns.length === 0) throw new StratumError('RECORD_INVALID', `${file}: it has no rows`)
  const currency = campaigns[0]!.currency
  const money = 10 ** minorDigits(currency || 'EUR')
  const units = { money, currency, result: asked.goal === 'revenue' ? money : 1 }
  const last = campaigns.flatMap(({ weeks }) => weeks).reduce((most, { week }) => Math.max(most, week), 0)
  for (const name of asked.followsResults ?? []) known(campaigns, name, '--follows-results')
  const candidates = campaigns.map(campaign => candidateOf(campaign, last, asked, units))
  const curves = new Set(campaigns.map(one => one.currency)).size > 1 ? new Map() : curvesOf(candidates)
  const budget = asked.budget === undefined ? null : Math.round(asked.budget * money)
  const made = propose(
    { candidates, budget, dailyLimit: asked.dailyLimit, margin: asked.margin ?? null, seed: String(last) },
    curves,
  )
  const split = 'lines' in made ? made : null
  const refused = 'reason' in made ? made : null
  const lines = new Map(split?.lines.map(line => [line.campaign, line]))
  const words = wordsOf(units, asked)
  return {
    goal: asked.goal,
    currency: currency || null,
    budget: split ? split.budget / money : (asked.budget ?? null),
    proposed: split?.isProposed ?? false,
    reasons: split?.remarks ?? [refused!.reason],
    excess: refused?.excess === undefined ? null : refused.excess / money,
    reachable_in_days: refused?.days ?? null,
    lambda: split && (split.lambda * money) / units.result,
    gain: split && gainOf(split.gain, units),
    change: split?.change ? gainOf(split.change, units) : null,
    worthwhile_budget:
      split && asked.goal === 'revenue' && split.worthwhile_budget !== null
        ? split.worthwhile_budget / money
        : null,
    reported_not_incremental: true,
    explanation: explain(made, words.amount, words.result),
    campaigns: candidates.map(candidate =>
      campaignRow(candidate, curves.get(candidate.history.campaign), lines, units),
    ),
    learning: split?.learning ?? null,
    scenarios: (asked.scenario ?? []).map(text =>
      scenarioRow(text, { campaigns, candidates, curves, units }),
    ),
  }
}

function candidateOf(campaign: FileCampaign, last: number, asked: Options, units: Units): Candidate {
  const lately = campaign.weeks
    .filter(({ week }) => week > last - 2)
    .reduce((sum, { spend }) => sum + spend, 0)
  const history: CampaignHistory = {
    campaign: campaign.campaign,
    platform: campaign.platform,
    followsResults: (asked.followsResults ?? []).includes(campaign.campaign),
    incrementality: null,
    weeks: campaign.weeks.map(({ week, spend, revenue, conversions }) => {
      const made = asked.goal === 'revenue' ? revenue : conversions
      const isKnown = made !== null && conversions !== null
      return {
        week,
        spend: spend * units.money,
        result: isKnown ? made * units.result : null,
        conversions: isKnown ? conversions : 0,
      }
    }),
  }
  return {
    history,
    present: Math.round((lately / 2) * units.money),
    spentShare: null,
    floor: null,
    ceiling: null,
    goal: asked.goal === 'revenue' ? 'REVENUE' : 'CONVERSIONS',
    currency: campaign.currency,
    // A file says nothing of trust.
    gate: 'PASS',
  }
}

const known = (campaigns: readonly FileCampaign[], name: string, option: string): void => {
  if (!campaigns.some(({ campaign }) => campaign === name))
    throw new StratumError('USAGE', `${option} ${name}: the file has no campaign of that name`)
}

function wordsOf({ money, currency }: Units, { goal }: Options) {
  const digits = Math.round(Math.log10(money))
  const amount = (weekly: number) => `${(weekly / 7 / money).toFixed(digits)}${currency && ` ${currency}`}`
  const conversions = (weekly: number) => `${(weekly / 7).toFixed(1)} conversions`
  return { amount, result: goal === 'revenue' ? amount : conversions }
}

const expectedOf = ({ mean, lower, upper }: Expected, by: number) => ({
  mean: mean / by,
  lower: lower / by,
  upper: upper / by,
})
const gainOf = ({ probability, ...gain }: Gain, { result: by }: Units) => ({
  ...expectedOf(gain, by),
  probability,
})

function campaignRow(
  candidate: Candidate,
  curve: Curve | undefined,
  lines: ReadonlyMap<string, Pick<Line, 'scaled' | 'after' | 'share'>>,
  units: Units,
) {
  const { history, present } = candidate
  const used = usedWeeks(history.weeks)
  const line = lines.get(history.campaign)
  return {
    campaign: history.campaign,
    platform: history.platform,
    weeks: used.length,
    conversions: used.reduce((sum, week) => sum + week.conversions, 0),
    held: heldReason(candidate),
    evidence: curve?.evidence ?? null,
    elasticity: curve?.elasticity ?? null,
    elasticity_sd: curve?.sd ?? null,
    level_restarted: curve?.level.isRestarted ?? null,
    spend: present / units.money,
    scaled_spend: line ? line.scaled / units.money : null,
    proposed_spend: line ? line.after / units.money : null,
    result: curve ? expectedOf(result(curve, present), units.result) : null,
    marginal: curve ? expectedOf(marginal(curve, present), units.result / units.money) : null,
    gain: line?.share ? gainOf(line.share, units) : null,
  }
}

interface Fitted {
  readonly campaigns: readonly FileCampaign[]
  readonly candidates: readonly Candidate[]
  readonly curves: ReadonlyMap<string, Curve>
  readonly units: Units
}

/** @param text `campaign=spend`: of a week; a name may hold `=` itself */
function scenarioRow(text: string, { campaigns, candidates, curves, units }: Fitted) {
  const at = text.lastIndexOf('=')
  const [campaign, amount] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)]
  const spend = amount.trim() === '' ? Number.NaN : Number(amount)
  if (at <= 0 || !(spend > 0) || !Number.isFinite(spend))
    throw new StratumError('USAGE', `--scenario ${text}: write CAMPAIGN=SPEND, a week's spend above 0`)
  known(campaigns, campaign, '--scenario')
  const curve = curves.get(campaign)
  const candidate = candidates.find(({ history }) => history.campaign === campaign)!
  const why = { campaign, spend, reason: heldReason(candidate) ?? 'MIXED_CURRENCY' }
  if (curve === undefined) return why
  const { money, result: by } = units
  const made = scenario(curve, spend * money, candidate.present)
  if ('reason' in made)
    return {
      campaign,
      spend,
      reason: made.reason,
      lowest: made.lowest / money,
      highest: made.highest / money,
    }
  return {
    campaign,
    spend,
    result: expectedOf(made.result, by),
    change: expectedOf(made.change, by),
    marginal: expectedOf(made.marginal, by / money),
    result_per_spend: (made.per_spend * money) / by,
    cost_per_conversion: made.cost_per_conversion / money,
    extrapolated: made.extrapolated,
  }
}
