import type { Platform } from '../../signals/platform.ts'
import { type CampaignHistory, MOST_WEEKS, type Week } from './history.ts'
import type { Candidate } from './propose.ts'
import type { CampaignWeeks, WeekSums } from './weeks.ts'

/** What a tenant says of its campaigns that their rows cannot tell. */
export interface Told {
  /** Campaigns (`meta:a1:c1`) whose spend is set by their results. */
  readonly follows_results: readonly string[]
  /** κ of an experiment, by platform or campaign; the campaign's own goes before. */
  readonly incrementality: Readonly<Partial<Record<string, number>>>
  /** Contribution margin, 0 to 1; null: not known. */
  readonly margin: number | null
  /** Least and most of a day, in major units, by campaign. */
  readonly limits: Readonly<
    Record<string, { readonly floor?: number | null; readonly ceiling?: number | null }>
  >
}

export type Goal = Candidate['goal']

/** A campaign that budgets are split over, and what was said of it. */
export interface Member {
  readonly entity: string
  readonly campaign: Readonly<CampaignWeeks>
  readonly candidate: Candidate
}

/** Campaigns of one goal and currency: what one answer is about. Currency null: those with several of their own. */
export interface Portfolio {
  readonly goal: Goal
  readonly currency: string | null
  readonly members: readonly Member[]
}

export interface Known {
  /** Number of the last settled week. */
  readonly week: number
  readonly gates: Readonly<Partial<Record<Platform, Candidate['gate']>>>
  readonly told: Told
  /** Micros of the minor unit of a currency. */
  readonly unitOf: (currency: string) => number
}

/** The campaigns that spend, by goal and currency, in one order. Money becomes minor units. */
export function portfoliosOf(
  campaigns: readonly { readonly entity: string; readonly campaign: Readonly<CampaignWeeks> }[],
  known: Known,
): Portfolio[] {
  const found = new Map<string, { goal: Goal; currency: string | null; members: Member[] }>()
  for (const { entity, campaign } of [...campaigns].sort((a, b) => (a.entity < b.entity ? -1 : 1))) {
    if (campaign.subject === null || campaign.status === 'PAUSED' || campaign.status === 'REMOVED') continue
    const goal = goalOf(campaign, known.week)
    const candidate = candidateOf(entity, campaign, goal, known)
    if (candidate.present <= 0) continue
    const key = `${campaign.currency ?? ''} ${goal}`
    const portfolio = found.get(key) ?? { goal, currency: campaign.currency, members: [] }
    portfolio.members.push({ entity, campaign, candidate })
    found.set(key, portfolio)
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, portfolio]) => portfolio)
}

const inHistory = ({ weeks }: Readonly<CampaignWeeks>, last: number): [number, WeekSums][] =>
  Object.entries(weeks)
    .map(([week, sums]): [number, WeekSums] => [Number(week), sums])
    .filter(([week]) => week <= last && week > last - MOST_WEEKS)

/** What has revenue is judged by it. */
const goalOf = (campaign: Readonly<CampaignWeeks>, last: number): Goal =>
  inHistory(campaign, last).some(([, { sums }]) => (sums.revenue ?? 0) > 0) ? 'REVENUE' : 'CONVERSIONS'

function candidateOf(
  entity: string,
  campaign: Readonly<CampaignWeeks>,
  goal: Goal,
  { week: last, gates, told, unitOf }: Known,
): Candidate {
  const { subject, currency, budget_micros, budget_kind } = campaign
  const unit = currency === null ? 10_000 : unitOf(currency)
  const lately = [last, last - 1].reduce((sum, week) => sum + (campaign.weeks[week]?.sums.spend ?? 0), 0)
  const isDaily = budget_kind === 'daily' && budget_micros !== null && budget_micros > 0
  const limits = told.limits[entity]
  const weekly = (major: number | null | undefined) =>
    major === null || major === undefined ? null : Math.round((major * 7 * 1e6) / unit)
  return {
    history: historyOf(entity, campaign, goal, { last, unit, told }),
    present: Math.round(lately / 2 / unit),
    spentShare: isDaily ? lately / (budget_micros * 14) : null,
    floor: weekly(limits?.floor),
    ceiling: weekly(limits?.ceiling),
    goal,
    currency: currency ?? '',
    gate: gates[subject!.platform] ?? 'HOLD',
  }
}

function historyOf(
  entity: string,
  campaign: Readonly<CampaignWeeks>,
  goal: Goal,
  { last, unit, told }: { readonly last: number; readonly unit: number; readonly told: Told },
): CampaignHistory {
  const weeks = inHistory(campaign, last)
  const changes = weeks.reduce((sum, [, week]) => sum + week.changes, 0)
  const followed = weeks.reduce((sum, [, week]) => sum + week.followed, 0)
  const { platform } = campaign.subject!
  return {
    campaign: entity,
    platform,
    weeks: weeks.map(([week, sums]) => weekOf(week, sums, goal, unit)),
    followsResults: (changes > 0 && followed * 2 >= changes) || told.follows_results.includes(entity),
    incrementality: told.incrementality[entity] ?? told.incrementality[platform] ?? null,
  }
}

function weekOf(week: number, { sums, gaps }: WeekSums, goal: Goal, unit: number): Week {
  const known = (figure: 'spend' | 'revenue' | 'conversions') => (gaps[figure] > 0 ? null : sums[figure])
  const [spend, revenue, conversions] = [known('spend'), known('revenue'), known('conversions')]
  const result = goal === 'REVENUE' ? revenue : conversions
  const isKnown = spend !== null && result !== null && conversions !== null
  return {
    week,
    spend: (spend ?? 0) / unit,
    result: isKnown ? result / (goal === 'REVENUE' ? unit : 1e6) : null,
    conversions: isKnown ? conversions / 1e6 : 0,
  }
}

/**
 * The budget of a day that goes with another spend: changed in the same proportion, in whole minor units towards what it
 * is. Null: it has no daily budget, or less than a minor unit changes.
 */
export function budgetFor(
  { budget_micros, budget_kind }: Readonly<CampaignWeeks>,
  before: number,
  after: number,
  unit: number,
): number | null {
  if (budget_kind !== 'daily' || budget_micros === null || before <= 0 || after === before) return null
  const units = (budget_micros * after) / before / unit
  const made = (after > before ? Math.floor(units + EXACT) : Math.ceil(units - EXACT)) * unit
  return made > 0 && made !== budget_micros && made > budget_micros === after > before ? made : null
}

const EXACT = 1e-6
