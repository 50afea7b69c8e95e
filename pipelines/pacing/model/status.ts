import { bandAt } from './elapsed.ts'
import { isRatio, type Target } from './target.ts'

export type PacingStatus = 'ON_TRACK' | 'AHEAD' | 'BEHIND' | 'AT_RISK' | 'MISSED'
export type Phase = 'NOT_STARTED' | 'ACTIVE' | 'ENDED'

/** An end value with its 95 % bounds; null: not known. */
export interface Projection {
  readonly mean: number | null
  readonly lower: number | null
  readonly upper: number | null
}

/** What is known of a target at a time. Values are in the unit of its `value`. */
export interface Observed {
  readonly phase: Phase
  /** Share of the period that has passed. */
  readonly e: number
  /** Hours since the newest data; null: there never was any. */
  readonly dataAgeHours: number | null
  /** Its money is of more than one currency, which are not added. */
  readonly isMixed: boolean
  /** So far; of a ratio, that of the sums so far. Null: not known, or a division by nothing. */
  readonly actual: number | null
  /** Total at the end: what is there and the forecast. */
  readonly projected: Projection
  /** Ratios: what the rest has to bring to reach the target, and what 28 days brought. */
  readonly needed?: number | null
  readonly usual?: number | null
}

export interface Pacing {
  readonly status: PacingStatus | null
  readonly phase: Phase
  /** Actual ÷ expected; of CPA its inverse, so that less than 1 is worse for all. */
  readonly pace: number | null
  readonly attainment: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly band: number
  /** Why the status is null. `NO_RATIO`: nothing to divide by. */
  readonly reason: 'NO_DATA' | 'NOT_STARTED' | 'NO_RATIO' | 'SEVERAL_CURRENCIES' | null
}

export const TOLERANCE = 0.05
/** Before so much has passed nobody is ahead or behind, and nothing alerts. */
export const FIRST_SHARE = 0.1
const SILENT_HOURS = 48
const TOO_MUCH_NEEDED = 1.5

/** Pace, attainment and the first status of product.md §4.8 that holds. */
export function pacing(target: Target, seen: Observed): Pacing {
  const band = bandAt(seen.e)
  const figures = isRatio(target.metric) ? ratioFigures(target, seen) : sumFigures(target, seen)
  const base = { phase: seen.phase, ...figures, band }
  const reason = reasonOf(target, seen, figures.pace)
  if (reason !== null) return { ...base, status: null, reason }
  const of = isRatio(target.metric) ? ratioStatus : target.metric === 'SPEND' ? spendStatus : goalStatus
  return { ...base, status: of(figures as Known, seen, target, band), reason: null }
}

interface Figures {
  readonly pace: number | null
  readonly attainment: number | null
  readonly lower: number | null
  readonly upper: number | null
}
type Known = Figures & { readonly pace: number }

function reasonOf(target: Target, seen: Observed, pace: number | null): Pacing['reason'] {
  if (seen.phase === 'NOT_STARTED') return 'NOT_STARTED'
  const isSilent =
    seen.phase === 'ACTIVE' && (seen.dataAgeHours === null || seen.dataAgeHours >= SILENT_HOURS)
  if (isSilent) return 'NO_DATA'
  if (seen.isMixed) return 'SEVERAL_CURRENCIES'
  if (seen.actual === null) return isRatio(target.metric) ? 'NO_RATIO' : 'NO_DATA'
  return pace === null ? (isRatio(target.metric) ? 'NO_RATIO' : 'NO_DATA') : null
}

/** A quotient, or null where there is nothing to divide, or by. */
const quotient = (a: number | null, b: number | null): number | null =>
  a === null || b === null || !(b > 0) || !Number.isFinite(a / b) ? null : a / b

function sumFigures({ value }: Target, { e, actual, projected }: Observed): Figures {
  return {
    pace: quotient(actual, value * e),
    attainment: quotient(projected.mean, value),
    lower: quotient(projected.lower, value),
    upper: quotient(projected.upper, value),
  }
}

/** Of CPA, less is better: everything is turned over, the bounds too. */
function ratioFigures({ metric, value }: Target, { actual, projected }: Observed): Figures {
  const of = (x: number | null) => (metric === 'CPA' ? quotient(value, x) : quotient(x, value))
  const [lower, upper] =
    metric === 'CPA' ? [projected.upper, projected.lower] : [projected.lower, projected.upper]
  return { pace: of(actual), attainment: of(projected.mean), lower: of(lower), upper: of(upper) }
}

type Rule = (figures: Known, seen: Observed, target: Target, band: number) => PacingStatus

const isBelow = (x: number | null): boolean => x !== null && x < 1 - TOLERANCE
const isAbove = (x: number | null): boolean => x !== null && x > 1 + TOLERANCE

const goalStatus: Rule = ({ pace, attainment, upper }, { phase, e }, _, band) => {
  if (phase === 'ENDED') return isBelow(pace) ? 'MISSED' : paced(pace, e, band)
  if (isBelow(upper)) return 'MISSED'
  return isBelow(attainment) ? 'AT_RISK' : paced(pace, e, band)
}

const spendStatus: Rule = ({ pace, attainment, upper }, { phase, e, actual }, { value }, band) => {
  if (isAbove(actual! / value)) return 'MISSED'
  if (phase === 'ENDED') return isBelow(pace) ? 'MISSED' : paced(pace, e, band)
  if (isBelow(upper)) return 'MISSED'
  return isBelow(attainment) || isAbove(attainment) ? 'AT_RISK' : paced(pace, e, band)
}

const ratioStatus: Rule = ({ pace, attainment }, { phase, e, needed, usual }, { metric }) => {
  if (phase === 'ENDED') return isBelow(pace) ? 'MISSED' : paced(pace, e, TOLERANCE)
  if (isOutOfReach(metric === 'CPA', needed ?? null, usual ?? null)) return 'MISSED'
  return isBelow(attainment) ? 'AT_RISK' : paced(pace, e, TOLERANCE)
}

function isOutOfReach(isCost: boolean, needed: number | null, usual: number | null): boolean {
  if (needed === null || usual === null || !(usual > 0)) return false
  return isCost ? needed < usual / TOO_MUCH_NEEDED : needed > usual * TOO_MUCH_NEEDED
}

function paced(pace: number, e: number, band: number): PacingStatus {
  if (e < FIRST_SHARE) return 'ON_TRACK'
  return pace < 1 - band ? 'BEHIND' : pace > 1 + band ? 'AHEAD' : 'ON_TRACK'
}

/**
 * What the rest of a period has to bring, so that a ratio of sums reaches its target: of ROAS revenue a unit of spend, of
 * CPA spend a conversion. Null: there is no rest to bring it.
 * @param restDenominator forecast of the denominator for the days to come
 */
export function neededRatio(
  target: number,
  numerator: number,
  denominator: number,
  restDenominator: number | null,
): number | null {
  if (restDenominator === null || !(restDenominator > 0)) return null
  return (target * (denominator + restDenominator) - numerator) / restDenominator
}

/** Where a target stands in time. */
export const phaseOf = ({ start, end }: Target, today: string): Phase =>
  today < start ? 'NOT_STARTED' : today > end ? 'ENDED' : 'ACTIVE'
