import { changeGiven, type Expected, marginal, result } from './curve.ts'
import type { Curve } from './fit.ts'
import { Z90 } from './gain.ts'

/** What a campaign would bring with another spend. */
export interface Scenario {
  readonly spend: number
  readonly result: Expected
  /** Against the present spend. */
  readonly change: Expected
  readonly marginal: Expected
  /** Result a unit of spend: the ROAS, where results are revenue. */
  readonly per_spend: number
  readonly cost_per_conversion: number
  /** Beyond the spends that were seen. */
  readonly extrapolated: boolean
}

export interface OutOfRange {
  readonly reason: 'OUT_OF_RANGE'
  readonly lowest: number
  readonly highest: number
}

/**
 * @param spend of a week
 * @param present spend of a week, above 0
 * @returns why not: curves are trusted from half the least to one and a half of the largest week that was seen; one that is
 * only its platform's average, within 20 % of its reference
 */
export function scenario(curve: Curve, spend: number, present: number): Scenario | OutOfRange {
  const { spend: seen, reference, perConversion } = curve.series
  const [least, most] = [Math.min(...seen), Math.max(...seen)]
  const [lowest, highest] =
    curve.evidence === 'PRIOR' ? [0.8 * reference, 1.2 * reference] : [0.5 * least, 1.5 * most]
  if (!(spend >= lowest && spend <= highest)) return { reason: 'OUT_OF_RANGE', lowest, highest }
  const made = result(curve, spend)
  const { mean, variance } = changeGiven(curve, present, spend, curve.p)
  const half = Z90 * Math.sqrt(variance)
  return {
    spend,
    result: made,
    change: { mean, lower: mean - half, upper: mean + half },
    marginal: marginal(curve, spend),
    per_spend: made.mean / spend,
    cost_per_conversion: (spend * perConversion) / made.mean,
    extrapolated: spend < least || spend > most,
  }
}
