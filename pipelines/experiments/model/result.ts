import { type Comparison, compare } from './compare.ts'
import type { Definition } from './definition.ts'
import type { ExperimentState } from './lifecycle.ts'
import { type Counts, countsIn } from './member.ts'
import { sampleSize } from './power.ts'
import type { Bounds } from './proportions.ts'
import { isMismatched, srmP } from './srm.ts'

const DAY_US = 86_400_000_000
/** Full days before figures of one look are shown: weeks have good and bad days. */
const LEAST_DAYS = 7

/** Why an arm has no p-value. */
export type NoTest = 'CONTROL' | 'NO_USERS' | 'SAMPLE_NOT_REACHED' | 'TOO_FEW_DAYS' | 'NO_VARIANCE'
export type Flag = 'INVALID_SRM' | 'UNDERPOWERED'

/** An arm beside the control. What is only valid at one look is null until the sample is there. */
export interface ArmResult {
  readonly arm: string
  readonly control: boolean
  readonly users: number
  readonly conversions: number
  readonly rate: number | null
  readonly difference: number | null
  readonly p_value: number | null
  readonly p_holm: number | null
  readonly newcombe: Bounds | null
  readonly sequential: Bounds | null
  readonly effect_size_h: number | null
  readonly power: number | null
  readonly winner: boolean | null
  readonly reason: NoTest | null
}

export interface ExperimentResult {
  readonly srm_p: number
  readonly flags: readonly Flag[]
  /** Users that each arm needs; null: baseline and effect are not stated. */
  readonly required: number | null
  /** Whether the size that was chosen before is reached: figures of one look may be read. */
  readonly reached: boolean
  readonly arms: readonly ArmResult[]
}

/** Users that each arm needs; null: nobody says for which effect. @throws RangeError: a plan that cannot be */
export function requiredOf(plan: Definition): number | null {
  const { baseline_rate: baseline, mde, mde_type: mdeType, confidence_level, power } = plan
  if (baseline === null || mde === null) return null
  return sampleSize({ baseline, mde, mdeType }, 1 - confidence_level, power)
}

/** @param ran how long it has run, microseconds */
export function resultOf(
  plan: Definition,
  counts: Counts,
  state: ExperimentState,
  ran: number,
): ExperimentResult {
  const arms = plan.arms.map(({ name, control, split_pct }) => ({
    ...{ name, control, split_pct },
    ...countsIn(counts, name),
  }))
  const users = arms.map(arm => arm.users)
  const weights = arms.map(arm => arm.split_pct)
  const required = requiredOf(plan)
  const enough = Math.min(...users) >= Math.max(plan.minimum_sample_size, required ?? 0)
  const reached = enough && ran >= LEAST_DAYS * DAY_US
  const isOver = state === 'COMPLETED' || state === 'STOPPED'
  const isBroken = isMismatched(users, weights)
  const flags: Flag[] = [
    ...(isBroken ? ['INVALID_SRM' as const] : []),
    ...(isOver && !enough ? ['UNDERPOWERED' as const] : []),
  ]
  const control = arms.find(arm => arm.control)!
  const others = arms.filter(arm => arm !== control)
  const isEmpty = users.some(n => n === 0)
  const compared = isEmpty ? null : compare([control, ...others], plan.confidence_level).comparisons
  const best = reached && !isBroken ? bestOf(compared, 1 - plan.confidence_level) : null
  return {
    srm_p: srmP(users, weights),
    flags,
    required,
    reached,
    arms: arms.map((arm): ArmResult => {
      const one = compared?.find(other => other.arm === arm.name) ?? null
      const shown = reached ? one : null
      return {
        arm: arm.name,
        control: arm.control,
        users: arm.users,
        conversions: arm.conversions,
        rate: arm.users === 0 ? null : arm.conversions / arm.users,
        difference: one?.difference ?? null,
        p_value: shown?.p_value ?? null,
        p_holm: shown?.p_holm ?? null,
        newcombe: shown?.ci_newcombe ?? null,
        sequential: one?.ci_sequential ?? null,
        effect_size_h: one?.effect_size_h ?? null,
        power: shown?.power ?? null,
        winner: reached && !isBroken && !isEmpty ? arm.name === best : null,
        reason: ((): NoTest | null => {
          if (arm.control) return 'CONTROL'
          if (isEmpty) return 'NO_USERS'
          if (!enough) return 'SAMPLE_NOT_REACHED'
          if (!reached) return 'TOO_FEW_DAYS'
          return one!.p_value === null ? 'NO_VARIANCE' : null
        })(),
      }
    }),
  }
}

/** The arm that is better than the control by Holm's p, and most so; null: none is. */
function bestOf(compared: readonly Comparison[] | null, alpha: number): string | null {
  const better = (compared ?? []).filter(
    one => one.p_holm !== null && one.p_holm < alpha && one.difference > 0,
  )
  return better.sort((a, b) => b.difference - a.difference)[0]?.arm ?? null
}
