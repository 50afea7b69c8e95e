/** Whole weeks of settled days that a curve is fitted to, at most. */
export const MOST_WEEKS = 26
/** Weeks in which half of a week's weight is lost. */
const HALF_LIFE_WEEKS = 4

/** A campaign's week. */
export interface Week {
  /** The same number is the same week for all campaigns; later weeks have larger ones. */
  readonly week: number
  readonly spend: number
  /** Revenue, or conversions where the goal is CPA; null: not known. */
  readonly result: number | null
  readonly conversions: number
}

/** What is known of a campaign. Spends and results are of a week, in one currency. */
export interface CampaignHistory {
  readonly campaign: string
  readonly platform: string
  readonly weeks: readonly Week[]
  /** Its spend was set by its results, so that its slope would measure demand and not advertising. */
  readonly followsResults: boolean
  /** κ of an experiment: the share of the reported result that ads brought; null: none was made. */
  readonly incrementality: number | null
}

/** A campaign's used weeks as the fit has them. */
export interface Series {
  readonly campaign: string
  readonly platform: string
  readonly followsResults: boolean
  readonly week: readonly number[]
  readonly spend: readonly number[]
  /** v = ln(y + half a result). */
  readonly v: readonly number[]
  /** z = ln(x / x_ref). */
  readonly z: readonly number[]
  /** ω: recency. */
  readonly weight: readonly number[]
  readonly reference: number
  readonly conversions: number
  /** Result of a conversion. */
  readonly perConversion: number
}

/** The weeks with spend and a known result, of the last 26. */
export const usedWeeks = (weeks: readonly Week[]): Week[] => {
  const last = Math.max(...weeks.map(w => w.week))
  return weeks
    .filter(w => w.week > last - MOST_WEEKS && w.spend > 0 && w.result !== null)
    .sort((a, b) => a.week - b.week)
}

/** @param latest the newest week of any campaign, from which recency counts. The history has used weeks and conversions */
export function seriesOf(history: CampaignHistory, latest: number): Series {
  const weeks = usedWeeks(history.weeks)
  const kappa = history.incrementality ?? 1
  const spend = weeks.map(w => w.spend)
  const result = weeks.map(w => w.result! * kappa)
  const weight = weeks.map(w => 2 ** ((w.week - latest) / HALF_LIFE_WEEKS))
  const total = weight.reduce((a, b) => a + b, 0)
  const reference = Math.exp(spend.reduce((sum, x, t) => sum + weight[t]! * Math.log(x), 0) / total)
  const conversions = weeks.reduce((sum, w) => sum + w.conversions, 0)
  const perConversion = result.reduce((a, b) => a + b, 0) / conversions
  return {
    campaign: history.campaign,
    platform: history.platform,
    followsResults: history.followsResults,
    week: weeks.map(w => w.week),
    spend,
    v: result.map(y => Math.log(Math.max(0, y) + perConversion / 2)),
    z: spend.map(x => Math.log(x / reference)),
    weight,
    reference,
    conversions,
    perConversion,
  }
}

/** Why a campaign stays at its present spend; `NOT_BUDGET_LIMITED` may be lowered. */
export type Held = 'SHORT_HISTORY' | 'FEW_CONVERSIONS' | 'NOT_BUDGET_LIMITED'

const LEAST_WEEKS = 8
const LEAST_CONVERSIONS = 30
const LIMITED_SHARE = 0.8

/**
 * @param spentShare of its budget that was spent in the last 14 days; null: its budget is not known
 * @returns null: it may be moved both ways
 */
export function heldBecause(history: CampaignHistory, spentShare: number | null): Held | null {
  const weeks = usedWeeks(history.weeks)
  if (weeks.length < LEAST_WEEKS) return 'SHORT_HISTORY'
  const results = weeks.reduce((sum, w) => sum + w.result!, 0)
  if (weeks.reduce((sum, w) => sum + w.conversions, 0) < LEAST_CONVERSIONS || !(results > 0))
    return 'FEW_CONVERSIONS'
  return spentShare !== null && spentShare < LIMITED_SHARE ? 'NOT_BUDGET_LIMITED' : null
}
