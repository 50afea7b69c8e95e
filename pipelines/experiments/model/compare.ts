import type { Arm } from './arm.ts'
import { holm } from './holm.ts'
import { powerOf } from './power.ts'
import { type Bounds, cohenH, newcombe, pooledP, rateOf, varianceOfDifference, wald } from './proportions.ts'
import { sequential } from './sequential.ts'
import { isMismatched, srmP } from './srm.ts'

/** An arm beside the control. */
export interface Comparison {
  readonly arm: string
  /** Rate less the control's. */
  readonly difference: number
  /** Pooled z, two-sided; null: nobody or everybody converted in both. */
  readonly p_value: number | null
  readonly p_holm: number | null
  readonly ci_newcombe: Bounds
  readonly ci_wald: Bounds
  /** Holds however often somebody looks; within -1 and 1, as differences of rates are. */
  readonly ci_sequential: Bounds | null
  readonly effect_size_h: number
  /** At the rates that were seen. */
  readonly power: number | null
}

export interface Compared {
  readonly srm: { readonly p: number }
  /** `INVALID_SRM`: users were not split as was meant, and no arm can win. */
  readonly flags: readonly 'INVALID_SRM'[]
  readonly comparisons: readonly Comparison[]
}

/**
 * Every arm beside the first, the control.
 * @param confidence 0 < confidence < 1
 * @param weights of the split that was meant; equal where none are given
 */
export function compare(
  [control, ...arms]: readonly [Arm, ...Arm[]],
  confidence = 0.95,
  weights?: readonly number[],
): Compared {
  const users = [control, ...arms].map(arm => arm.users)
  const ps = arms.map(arm => pooledP(control, arm))
  const adjusted = holm(ps)
  return {
    srm: { p: srmP(users, weights) },
    flags: isMismatched(users, weights) ? ['INVALID_SRM'] : [],
    comparisons: arms.map((arm, i) => compareOne(control, arm, confidence, ps[i]!, adjusted[i]!)),
  }
}

function compareOne(
  control: Arm,
  arm: Arm,
  confidence: number,
  p: number | null,
  adjusted: number | null,
): Comparison {
  const difference = rateOf(arm) - rateOf(control)
  const se = Math.sqrt(varianceOfDifference(control, arm))
  const always = sequential(difference, se, control.users + arm.users, 1 - confidence)
  return {
    arm: arm.name,
    difference,
    p_value: p,
    p_holm: adjusted,
    ci_newcombe: newcombe(control, arm, confidence),
    ci_wald: wald(control, arm, confidence),
    // Asymptotic, it knows no ends; nothing that can be is cut off.
    ci_sequential: always && [Math.max(-1, always.lower), Math.min(1, always.upper)],
    effect_size_h: cohenH(rateOf(control), rateOf(arm)),
    power: powerOf(rateOf(control), rateOf(arm), control.users, arm.users, 1 - confidence),
  }
}
