import { plainName, type TrustPolicy } from '../../settings/policy.ts'
import { type Part, weightedMean } from '../mean.ts'
import { HOUR_US, type Measured, measured, unknown } from '../measured.ts'
import { matchEstimate } from './match-estimate.ts'

/** What is known of one event name of one pixel in the last 48 hours. */
export interface EventMatch {
  /** As the platform or the site calls it; null: of all events together. */
  readonly name: string | null
  /** Null: nobody counted. */
  readonly events: number | null
  /** Distinct people; null: unknown. */
  readonly users: number | null
  /**
   * By match key (`email`, `click_id` …): events with a valid value, and how many different values. Events whose only
   * keys the platform refuses are left out of `valid`. A key that is not there came with no event; null: nobody looked.
   */
  readonly keys: Readonly<Record<string, KeyCount>> | null
  /** The platform's own score on its own scale, and when it said so (UTC microseconds). */
  readonly platform: { readonly score: number; readonly scale: number | null; readonly as_of: number } | null
}

export interface KeyCount {
  readonly valid: number
  readonly distinct: number
}

export interface MatchRateInputs {
  readonly names: readonly {
    readonly name: string | null
    readonly events: number | null
    readonly weight: number
    readonly score: number | null
    /** Whose score it is; null: there is none. */
    readonly by: 'platform' | 'estimate' | null
  }[]
}

export type MatchRate = Measured<MatchRateInputs, 'TOO_FEW_EVENTS' | 'NO_MATCH_KEYS'>

const OTHER_WEIGHT = 1_000_000

/** Names that sites and platforms give to the five that weigh more. */
const ALSO: ReadonlyMap<string, string> = new Map([
  ['completepayment', 'purchase'],
  ['placeanorder', 'purchase'],
  ['begincheckout', 'initiatecheckout'],
  ['startcheckout', 'initiatecheckout'],
  ['addcart', 'addtocart'],
  ['generatelead', 'lead'],
  ['submitform', 'lead'],
  ['viewitem', 'viewcontent'],
])

/**
 * D1, match rate: the platform's own score while it is recent, else our estimate, as a mean over event names that
 * weigh by what they are worth. Source: product.md §4.1, platforms.md §8.2.
 * @param now UTC microseconds
 */
export function matchRate(events: readonly EventMatch[], now: number, policy: TrustPolicy): MatchRate {
  const { minimum_events: minimum, platform_score_hours: hours } = policy.settings.match_quality
  const counted = events.filter(({ events: n }) => n !== null && n >= minimum)
  const names = counted.map(event => {
    const own = ownScore(event, now, hours)
    const score = own ?? matchEstimate(event, policy.keyWeights)
    const by = own !== null ? 'platform' : score !== null ? 'estimate' : null
    return {
      name: event.name,
      events: event.events,
      weight: weightOf(event.name, policy),
      score,
      by,
    } as const
  })
  const inputs = { names: names.map(name => ({ ...name, weight: name.weight / 1e6 })) }
  if (names.length === 0) return unknown('TOO_FEW_EVENTS', inputs)
  const { value } = weightedMean(names.map(({ weight, score }): Part => [weight, score]))
  return value === null ? unknown('NO_MATCH_KEYS', inputs) : measured(value, inputs)
}

/** 0 to 100; null where there is none, it is too old, or its scale is unknown. */
function ownScore({ platform }: EventMatch, now: number, hours: number): number | null {
  if (platform === null || platform.scale === null || platform.scale <= 0) return null
  if (now - platform.as_of > hours * HOUR_US) return null
  return Math.min(100, Math.max(0, (platform.score / platform.scale) * 100))
}

function weightOf(name: string | null, { eventWeights }: TrustPolicy): number {
  if (name === null) return OTHER_WEIGHT
  return eventWeights.get(plainName(name)) ?? eventWeights.get(eventOf(name)) ?? OTHER_WEIGHT
}

/** One name for an event that sites and platforms name differently: `begin_checkout` is `initiatecheckout`. */
export function eventOf(name: string): string {
  const plain = plainName(name)
  return ALSO.get(plain) ?? plain
}
