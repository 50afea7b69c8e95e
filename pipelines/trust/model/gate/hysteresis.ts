import type { TrustPolicy } from '../../settings/policy.ts'
import { type Gate, isWorse, nextBetter, worse } from '../level.ts'
import { MINUTE_US } from '../measured.ts'
import type { ClassGate } from './gate.ts'

/** State of one gate (platform × risk class × scope); plain JSON. */
export interface Hysteresis {
  readonly level: Gate
  /** When it was last evaluated, UTC microseconds. */
  readonly evaluated_at: number
  /** Since when every evaluation has been good enough for the next better level; null: the last one was not. */
  readonly better_since: number | null
  /** Evaluations in a row that were. */
  readonly better: number
}

/**
 * One evaluation: worse at once; better by one level after 30 minutes and 6 evaluations in a row that all were at least
 * 3 above the threshold with no cap below the new level. Where nobody evaluated for 15 minutes, as before the first
 * evaluation, the gate was on HOLD at most, and goes on from there. Source: product.md §4.3, §6.1.
 * @param before null: there was no evaluation before
 * @param now UTC microseconds
 */
export function hysteresis(
  before: Hysteresis | null,
  score: number | null,
  gate: ClassGate,
  now: number,
  policy: TrustPolicy,
): Hysteresis {
  const { minutes, evaluations } = policy.settings.hysteresis
  const isFresh =
    before !== null && now - before.evaluated_at < policy.settings.caps.stale_minutes * MINUTE_US
  const stood = isFresh ? before.level : worse(before?.level ?? 'HOLD', 'HOLD')
  if (isWorse(gate.capped, stood)) return still(gate.capped, now)
  const next = nextBetter(stood)
  if (next === null || !isGoodFor(next, score, gate, policy)) return still(stood, now)
  const since = (isFresh ? before.better_since : null) ?? now
  const better = isFresh ? before.better + 1 : 1
  if (better >= evaluations && now - since >= minutes * MINUTE_US) return still(next, now)
  return { level: stood, evaluated_at: now, better_since: since, better }
}

const still = (level: Gate, now: number): Hysteresis => ({
  level,
  evaluated_at: now,
  better_since: null,
  better: 0,
})

/** Whether an evaluation counts towards a better level. */
export function isGoodFor(level: Gate, score: number | null, gate: ClassGate, policy: TrustPolicy): boolean {
  return score !== null && score >= openFrom(level, gate, policy) && !isWorse(gate.limit, level)
}

/** The score an evaluation needs to count towards a level. */
export const openFrom = (level: Gate, gate: ClassGate, policy: TrustPolicy): number =>
  (level === 'PASS' ? gate.pass_from : gate.hold_from) + policy.settings.hysteresis.margin

/** The earliest the gate may get better if it stays as good as it is, UTC microseconds; null: it is not good enough. */
export const opensAt = ({ better_since }: Hysteresis, policy: TrustPolicy): number | null =>
  better_since === null ? null : better_since + policy.settings.hysteresis.minutes * MINUTE_US
