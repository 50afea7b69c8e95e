import { chiSquareTail } from '../../probability/model/gamma.ts'

/** Below this p the split is broken, and no arm can win. */
export const SRM_ALARM = 0.001
/** Users an arm needs before a split can be judged. */
const LEAST_USERS = 8

/**
 * Sample-ratio mismatch: the p-value of Pearson's chi-square that users were split as was meant.
 * @param users of each arm
 * @param weights of each arm, above 0; equal ones where none are given
 * @throws RangeError: a weight that is none
 */
export function srmP(users: readonly number[], weights: readonly number[] = users.map(() => 1)): number {
  if (weights.length !== users.length || weights.some(w => !(w > 0 && w < Number.POSITIVE_INFINITY)))
    throw new RangeError(`each of ${users.length} arms has a weight above 0, got ${weights.join(', ')}`)
  const all = users.reduce((a, b) => a + b, 0)
  const total = weights.reduce((a, b) => a + b, 0)
  if (all === 0 || users.length < 2) return 1
  const chi = users.reduce((sum, n, i) => {
    const expected = (all * weights[i]!) / total
    return sum + (n - expected) ** 2 / expected
  }, 0)
  return chiSquareTail(chi, users.length - 1)
}

/** Whether a split is so far from what was meant that the results do not count. */
export const isMismatched = (users: readonly number[], weights?: readonly number[]): boolean =>
  users.every(n => n >= LEAST_USERS) && srmP(users, weights) < SRM_ALARM
